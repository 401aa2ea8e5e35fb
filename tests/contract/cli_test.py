"""The real `dockline` against a real server: what people and machines get, and the exit codes."""
import json
import os
import pty
import select
import subprocess
import unittest

from served import BIN, Server, free_port

server = None
ORDERS = ("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
          + "".join(f"7{i:03},CUP,CUP,1,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
                    for i in range(60)))
STOCK = "sku,title,barcode,site,quantity,bin\nCUP,Tasse für Tee,4006381333931,leipzig,70,A-1\n"


def setUpModule():
    global server
    server = Server()


def tearDownModule():
    server.stop()


def dockline(*words, code=0, url=None, stdin=None, **more):
    environment = {"HOME": server.folder.name, "PATH": os.environ["PATH"], "USER": "ada",
                   "DOCKLINE_URL": url or server.url,
                   "DOCKLINE_TOKEN_FILE": f"{server.folder.name}/token", **more}
    run = subprocess.run([BIN / "dockline", *words], env=environment, input=stdin,
                         capture_output=True, text=True, timeout=60)
    assert run.returncode == code, f"{words}: {run.returncode}\n{run.stdout}\n{run.stderr}"
    return run


def data(*words, **more):
    return json.loads(dockline("--json", *words, **more).stdout)


def on_terminal(*words, no_color=""):
    """Standard output is a terminal of 80 columns."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(DOCKLINE_URL=server.url, TERM="xterm", NO_COLOR=no_color,
                          DOCKLINE_TOKEN_FILE=f"{server.folder.name}/token")
        os.execv(BIN / "dockline", ["dockline", *words])
    out = b""
    while select.select([fd], [], [], 20)[0]:
        try:
            chunk = os.read(fd, 65536)
        except OSError:
            break
        if not chunk:
            break
        out += chunk
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), out.decode()


class Commands(unittest.TestCase):
    def test_1_files_go_in(self):
        stock = f"{server.folder.name}/stock.csv"
        orders = f"{server.folder.name}/orders.csv"
        open(stock, "w").write(STOCK)
        open(orders, "w").write(ORDERS)
        self.assertIn("1 line", dockline("stock", "import", stock).stdout)
        first = data("orders", "import", orders)
        self.assertEqual((first["lines"], first["orders"], first["order_count"]), (60, 60, 60))
        second = data("orders", "import", orders)
        self.assertEqual(second["changes"], 0)
        told = dockline("orders", "import", orders)
        self.assertIn("Nothing changed", told.stdout)
        self.assertNotIn("\r", told.stderr, "no bar without a terminal")
        self.assertTrue(data("imports", "list")["items"])
        self.assertEqual(len(data("imports", "rows", first["id"], "--all")["items"]), 60)

    def test_2_tables_and_documents_say_the_same(self):
        page = data("orders", "list", "--all")
        self.assertEqual(page["total"], len(page["items"]))
        table = dockline("orders", "list", "--all").stdout.splitlines()
        self.assertEqual(len(table), 1 + len(page["items"]))
        self.assertNotIn("\x1b", "".join(table))
        for words in (["stock", "list"], ["stations"], ["devices"], ["exceptions", "list"],
                      ["outbox"], ["channels"], ["events"], ["health"]):
            dockline(*words)
            if words != ["events"]:
                data(*words)
        shown = dockline("stock", "show", "CUP").stdout
        self.assertIn("Tasse für Tee", shown)
        self.assertIn("4006381333931", shown)

    def test_2_pieces_in_units_of_the_item(self):
        item = {"sku": "BEER", "title": "Beer", "barcodes": [{"code": "B-12", "pieces": 12, "unit": "case"}]}
        self.assertEqual(server.ask("POST", "/api/v1/items", json.dumps(item), {"Content-Type": "application/json"}).status, 201)
        said = dockline("deliveries", "receive", "--site", "leipzig", "--sku", "BEER", "--quantity", "2",
                        "--unit", "case").stdout
        self.assertIn("2 case of BEER booked", said)
        self.assertIn("leipzig has 2 case.", dockline("stock", "show", "BEER").stdout)
        dockline("stock", "move", "BEER", "leipzig", "shelf", "damaged", "1", "--unit", "case", "--reason", "wet")
        dockline("counts", "enter", "BEER", "leipzig", "1", "--unit", "case")
        self.assertIn("6", dockline("counts", "enter", "BEER", "leipzig", "6").stdout)
        wrong = dockline("counts", "enter", "BEER", "leipzig", "1", "--unit", "box", code=6)
        self.assertIn("known: case", wrong.stderr)
        announce = ("deliveries", "announce", "LS-7", "--supplier", "BREWERS", "--site", "leipzig")
        dockline(*announce, "--line", "BEER=3 case", "--line", "CUP=5")
        shown = json.loads(dockline("--json", "deliveries", "show", "LS-7").stdout)
        self.assertEqual([(l["sku"], l["expected"]) for l in shown["lines"]], [("BEER", 36), ("CUP", 5)])
        again = dockline(*announce, "--line", "BEER=3", "--line", "CUP=5 ", "--unit", "case", code=2)
        self.assertIn("in a unit of the item", again.stderr)
        other = dockline("deliveries", "announce", "LS-8", "--supplier", "BREWERS", "--site", "leipzig", "--line", "BEER=2", "--unit", "box", code=6)
        self.assertIn("known: case", other.stderr)
        dockline("deliveries", "announce", "LS-8", "--supplier", "BREWERS", "--site", "leipzig", "--line", "BEER=2", "--unit", "case")
        self.assertIn("24", dockline("deliveries", "show", "LS-8").stdout)

    def test_3_orders_that_could_go_in_one_parcel(self):
        self.assertIn("No two orders", dockline("orders", "mergeable").stdout)
        for number in ("M-1", "M-2"):
            body = json.dumps({"number": number, "ship_to": {"name": "Kim", "email": "kim@example.org"},
                               "lines": [{"sku": "CUP", "quantity": 1}]})
            dockline("orders", "create", "-", stdin=body)
        self.assertIn("M-1, M-2", dockline("orders", "mergeable").stdout)
        for number in ("M-1", "M-2"):
            dockline("orders", "cancel", number, "--reason", "only tried")

    def test_3_one_order_from_options_to_cancelled(self):
        made = data("orders", "create", "--number", "C-1", "--name", "Ada", "--line", "CUP=2")
        self.assertEqual(made, {"id": "api:C-1", "created": True})
        shown = dockline("orders", "show", "C-1").stdout
        self.assertIn("2 ", shown)
        self.assertRegex(shown, r"(?m)^STEP +STATE +BY")
        self.assertRegex(shown, r"(?m)^received +done")
        self.assertRegex(shown, r"(?m)^handed over +open")
        dockline("orders", "cancel", "C-1", "--reason", "changed their mind")
        self.assertEqual(data("orders", "show", "C-1")["state"], "cancelled")
        body = json.dumps({"number": "C-2", "ship_to": {"name": "B"},
                           "lines": [{"sku": "CUP", "quantity": 1}]})
        self.assertIn("api:C-2", dockline("orders", "create", "-", stdin=body).stdout)
        before = data("stock", "show", "CUP")["sites"][0]["on_hand"]
        dockline("stock", "adjust", "CUP", "leipzig", "-3", "--reason", "broken")
        self.assertEqual(data("stock", "show", "CUP")["sites"][0]["on_hand"], before - 3)

    def test_3a_what_is_kept_back_kits_and_how_a_figure_comes_about(self):
        keep = ("stock", "policy", "set", "--site", "leipzig", "--sku", "CUP", "--safety", "1", "--why", "season")
        self.assertIn("set", dockline(*keep).stdout)
        self.assertIn("so already", dockline(*keep).stdout)
        self.assertEqual(data("stock", "policy", "list", "--sku", "CUP")["items"][0]["safety"], 1)
        said = dockline("stock", "policy", "set", "--site", "leipzig", "--cap", "1", "--why", "x", code=6)
        self.assertIn("cap: belongs to a channel", said.stderr)
        self.assertEqual(data("stock", "explain", "CUP")["sku"], "CUP")
        self.assertIn("weigh one piece", dockline("stock", "quality").stdout)
        self.assertIn("That is wrong with none of", dockline("stock", "quality", "--flaw", "look_alike_sku").stdout)
        self.assertIn("no_weight", dockline("stock", "quality", "--flaw", "ugly", code=6).stderr)
        dockline("kits", "set", "CUP", "--part", "CUP", code=2)
        self.assertEqual(data("kits", "list")["total"], 0)
        channel = data("channels")["items"][0]["channel"]
        self.assertIn("Nothing drifted", dockline("drift", channel).stdout)

    def test_4_events_one_a_line_and_followed(self):
        lines = dockline("--json", "events", "--limit", "5").stdout.splitlines()
        self.assertEqual(len(lines), 5)
        positions = [json.loads(line)["position"] for line in lines]
        self.assertEqual(positions, sorted(positions))
        environment = {**os.environ, "DOCKLINE_URL": server.url,
                       "DOCKLINE_TOKEN_FILE": f"{server.folder.name}/token"}
        follower = subprocess.Popen([BIN / "dockline", "--json", "events", "-f", "--limit", "1"],
                                    env=environment, stdout=subprocess.PIPE, text=True)
        follower.stdout.readline()
        dockline("stock", "adjust", "CUP", "leipzig", "1", "--reason", "found again")
        event = json.loads(follower.stdout.readline())
        follower.terminate()
        follower.wait()
        follower.stdout.close()
        self.assertEqual(event["type"], "dockline.stock.moved.v1")
        self.assertEqual(event["data"]["reason"], "found again")

    def test_5_the_replay_is_equal(self):
        self.assertTrue(data("replay", "--verify")["equal"])
        self.assertIn("every table equals the live one", dockline("replay", "--verify").stdout)

    def test_5_backups_parked_facts_and_the_chain(self):
        db = f"{server.folder.name}/data/server.db"
        made = data("backup")
        self.assertEqual(made["state"], "verified")
        self.assertIn(made["file"], dockline("backup").stdout + dockline("backup", "list").stdout)
        self.assertIn("No fact is parked", dockline("parked", "list").stdout)
        dockline("parked", "show", "1", code=5)
        dockline("parked", "retry")
        head = f"{server.folder.name}/head.json"
        open(head, "w").write(dockline("chain", "head", "--server-db", db).stdout)
        dockline("chain", "verify", "--head", head, "--server-db", db)
        self.assertTrue(data("audit", "--server-db", db)["clean"])
        self.assertIn("Clean", dockline("audit", "--data", f"{server.folder.name}/data").stdout)
        dockline("audit", "--server-db", "/nowhere.db", code=2)
        self.assertIn("in the database", dockline("archive", "list", "--server-db", db).stdout)
        dockline("archive", "verify", "--server-db", db)
        # A running server is not overwritten; a new machine gets the copy.
        dockline("restore", made["file"], "--data", f"{server.folder.name}/data", code=6)
        refused = dockline("restore", made["file"], "--data", f"{server.folder.name}/data",
                           "--force", code=6)
        self.assertIn("Stop dockline-server", refused.stderr)
        other = f"{server.folder.name}/other"
        self.assertEqual(data("restore", made["file"], "--data", other)["generation"], 2)
        self.assertTrue(data("audit", "--data", other)["clean"])
        forged = json.loads(open(head).read())
        forged["chain"] = "0" * 64
        open(head, "w").write(json.dumps(forged))
        dockline("chain", "verify", "--head", head, "--server-db", db, code=1)

    def test_5a_a_rehearsal_beside_the_running_server(self):
        folder = f"{server.folder.name}/data"
        scratch = f"{server.folder.name}/scratch"
        os.mkdir(scratch)
        def state():
            return (sorted(os.listdir(folder)), len(data("orders", "list", "--limit", "200")["items"]),
                    data("stock", "show", "CUP"))
        before = state()
        report = data("rehearse", "--data", folder, "--scratch", scratch, "--factor", "4")
        self.assertEqual([run["factor"] for run in report["runs"]], [1, 2, 4])
        self.assertEqual([run["orders"] for run in report["runs"]],
                         [report["orders"] * factor for factor in (1, 2, 4)])
        self.assertIn("intake", {bend["stage"] for bend in report["bends"]})
        self.assertEqual(state(), before)
        self.assertEqual(os.listdir(scratch), [])
        self.assertIn("the default chain", report["rules"])
        said = dockline("rehearse", "--data", folder, "--config", server.config, "--scratch", scratch, "--factor", "2").stdout
        self.assertIn("First full: ", said)
        self.assertIn(f"Routed by: {server.config}, which names no routing file", said)
        # The same data folder, named by the file itself.
        report = data("rehearse", "--config", server.config, "--scratch", scratch, "--factor", "1")
        self.assertEqual(len(report["runs"]), 1)
        broken = f"{server.folder.name}/broken.toml"
        with open(broken, "w", encoding="utf-8") as file:
            file.write(server.config.read_text() + '[[nonsense]]\n')
        self.assertIn("nonsense", dockline("rehearse", "--config", broken, code=6).stderr)
        dockline("rehearse", "--data", "/nowhere", code=6)
        dockline("rehearse", "--data", folder, "--factor", "0", code=6)
        dockline("rehearse", "--data", folder, "--from", "yesterday", code=6)

    def test_6_exit_codes(self):
        dockline("frobnicate", code=2)
        dockline("orders", code=2)
        dockline("stations", url="not a url", code=2)
        gone = dockline("stations", url=f"http://127.0.0.1:{free_port()}", code=3)
        self.assertIn("Start dockline-server", gone.stderr)
        dockline("stations", DOCKLINE_TOKEN_FILE="/nowhere", code=4)
        wrong = f"{server.folder.name}/wrong-token"
        open(wrong, "w").write("0" * 64)
        dockline("--token-file", wrong, "stations", code=4)
        dockline("orders", "show", "nope", code=5)
        dockline("exceptions", "show", "nope", code=5)
        said = dockline("stock", "adjust", "NO-SUCH", "leipzig", "1", "--reason", "x", code=6)
        self.assertIn("  -> ", said.stderr)
        dockline("orders", "create", "-", stdin="{", code=6)
        dockline("orders", "import", "/nowhere.csv", code=6)
        error = json.loads(dockline("--json", "orders", "show", "nope", code=5).stderr)
        self.assertEqual(error["error"]["exit"], 5)

    def test_7_colour_and_width_on_a_terminal(self):
        code, out = on_terminal("orders", "list")
        self.assertEqual(code, 0)
        self.assertIn("\x1b[", out)
        code, out = on_terminal("orders", "list", no_color="1")
        self.assertNotIn("\x1b[", out)

    def test_8_the_settings_file(self):
        folder = f"{server.folder.name}/.config/dockline"
        os.makedirs(folder)
        with open(folder + "/cli.toml", "w") as f:
            f.write(f'[server]\nurl = "{server.url}"\ntoken_file = "{server.folder.name}/token"\n')
        environment = {"HOME": server.folder.name, "PATH": os.environ["PATH"]}
        run = subprocess.run([BIN / "dockline", "health"], env=environment, capture_output=True)
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_9_completion_is_valid_shell(self):
        script = dockline("completion", "bash").stdout
        check = subprocess.run(["bash", "-c", script + "\nCOMP_WORDS=(dockline exc); COMP_CWORD=1; "
                                "_dockline; echo ${COMPREPLY[@]}"], capture_output=True, text=True)
        self.assertEqual(check.stdout.strip(), "exceptions")


if __name__ == "__main__":
    unittest.main(warnings="ignore")
