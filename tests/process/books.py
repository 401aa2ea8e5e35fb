"""Reads agent.db and server.db with SQL of its own and compares them with what the packer heard."""
import collections
import pathlib
import shutil
import sqlite3
import tempfile


class Books:
    def __init__(self, agent_db, server_db, site, name):
        self.folder = tempfile.TemporaryDirectory(prefix="dockline-books-")
        self.agent = self.copy(agent_db)
        self.server = self.copy(server_db)
        self.site, self.name = site, name
        self.problems = []

    def copy(self, path):
        """A copy with its write-ahead log: reading must not touch the evidence."""
        path = pathlib.Path(path)
        for file in path.parent.glob(path.name + "*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, self.folder.name)
        db = sqlite3.connect(pathlib.Path(self.folder.name) / path.name)
        db.row_factory = sqlite3.Row
        return db

    def need(self, good, what):
        if not good:
            self.problems.append(what)

    def server_rows(self, sql, *args):
        return self.server.execute(sql, args).fetchall()

    def agent_rows(self, sql, *args):
        return self.agent.execute(sql, args).fetchall()

    # ------------------------------------------------------------ both files are whole
    def whole(self):
        for name, db in (("agent.db", self.agent), ("server.db", self.server)):
            self.need(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok",
                      f"{name} is damaged")
        self.need(not self.server_rows("SELECT 1 FROM parked"), "the server parked facts")
        self.need(not self.agent_rows("SELECT 1 FROM down_parked"), "the station parked facts")

    # ------------------------------------------------------------ the two streams
    def streams(self):
        facts = self.server_rows(
            "SELECT json_extract(body,'$.dlinc') inc, json_extract(body,'$.dlseq') seq "
            "FROM events WHERE source = ? ORDER BY position", f"/{self.site}/{self.name}")
        seqs = collections.defaultdict(list)
        for row in facts:
            seqs[row["inc"]].append(row["seq"])
        live = self.agent_rows("SELECT up_inc, up_base, up_last, up_last_chain FROM live")[0]
        self.need(set(seqs) == {live["up_inc"]},
                  f"facts of incarnations {set(seqs)}, the station has {live['up_inc']}")
        for inc, numbers in seqs.items():
            self.need(numbers == list(range(1, len(numbers) + 1)),
                      f"up facts of {inc} are not 1..{len(numbers)} in order, each once")
        self.need(len(facts) == live["up_last"],
                  f"the station recorded {live['up_last']} facts, the server has {len(facts)}")
        got = self.server_rows("SELECT through, chain FROM stream_in WHERE site=? AND station=? "
                               "AND inc=?", self.site, self.name, live["up_inc"])
        self.need(bool(got) and got[0]["through"] == live["up_last"] and
                  got[0]["chain"] == live["up_last_chain"], "up cursor and station differ")
        self.retained(live)
        self.down()

    def retained(self, live):
        rows = self.agent_rows("SELECT seq, event_id, bytes FROM up_row ORDER BY seq")
        self.need([r["seq"] for r in rows] == list(range(live["up_base"] + 1, live["up_last"] + 1)),
                  "the station's outbox has holes")
        for row in rows:
            kept = self.server_rows("SELECT body FROM events WHERE id = ?", row["event_id"])
            self.need(bool(kept) and bytes(kept[0]["body"]) == bytes(row["bytes"]),
                      f"fact {row['event_id']} is not at the server byte for byte")

    def down(self):
        sent = self.server_rows("SELECT inc, last, last_chain FROM stream_out "
                                "WHERE site=? AND station=?", self.site, self.name)
        got = self.agent_rows("SELECT inc, through, chain FROM down_cursor WHERE closed = 0")
        self.need(len(sent) == 1 and len(got) == 1 and
                  tuple(sent[0]) == tuple(got[0]), "down cursor and server differ")

    # ------------------------------------------------------------ what was answered
    def scans(self, memory):
        kept = {bytes(r["data"]).decode(): r["n"]
                for r in self.agent_rows("SELECT data, count(*) n FROM raw_scan GROUP BY data")}
        for text, times in memory.answered.items():
            self.need(kept.get(text, 0) >= times,
                      f"scan {text} was answered {times} times, {kept.get(text, 0)} are journalled")
        for text, times in kept.items():
            self.need(times <= memory.scans.get(text, 0),
                      f"scan {text} is journalled {times} times, made {memory.scans.get(text, 0)}")

    def pieces(self, memory, orders, packed):
        net = collections.Counter()
        for kind, sign in (("counted", 1), ("uncounted", -1)):
            for row in self.server_rows(
                    "SELECT json_extract(body,'$.data.order') o, json_extract(body,'$.data.sku') s, "
                    "sum(json_extract(body,'$.data.quantity')) n FROM events "
                    f"WHERE type = 'dockline.pack.item.{kind}.v1' GROUP BY o, s"):
                net[row["o"], row["s"]] += sign * row["n"]
        for key, heard in memory.counted.items():
            self.need(net[key] >= heard, f"{key}: {heard} pieces answered, {net[key]} kept")
        for order in orders:
            for sku, want in order.want.items():
                if order.id in packed:
                    self.need(net[order.id, sku] == want,
                              f"{order.number} closed with {net[order.id, sku]} of {want} {sku}")
                self.need(net[order.id, sku] <= memory.scans.get(order.barcodes[sku], 0),
                          f"{sku} counted more often than scanned")

    def closes(self, memory, packed):
        closed = collections.Counter(r[0] for r in self.server_rows(
            "SELECT json_extract(body,'$.data.order') FROM events "
            "WHERE type = 'dockline.pack.closed.v1'"))
        for order, times in closed.items():
            self.need(times == 1, f"{order} was closed {times} times")
        self.need(memory.closed <= set(closed), f"closed and lost: {memory.closed - set(closed)}")
        self.need(packed == set(closed), f"packed {len(packed)}, closed {len(closed)}")
        states = dict(map(tuple, self.server_rows("SELECT id, state FROM p_order")))
        for order in packed:
            self.need(states.get(order) in ("packed", "shipped"), f"{order} is {states.get(order)}")

    def stock(self, orders, packed):
        for row in self.server_rows("SELECT sku, sum(quantity) n FROM p_balance GROUP BY sku"):
            self.need(row["n"] == 0, f"{row['sku']}: places sum to {row['n']}")
        want = collections.Counter()
        for order in orders:
            for sku, pieces in order.want.items():
                want[sku] += pieces if order.id in packed else 0
        have = dict(map(tuple, self.server_rows("SELECT sku, quantity FROM p_balance "
                                                "WHERE place = ?", f"{self.site}/packed")))
        for sku, pieces in want.items():
            self.need(have.get(sku, 0) == pieces,
                      f"{sku}: {have.get(sku, 0)} on the packed place, {pieces} were packed")

    def paper(self, labels, orders, packed):
        printed = collections.Counter(c["text"] for label in labels for c in label["codes"])
        for order in orders:
            self.need(printed[order.tracking] == (1 if order.id in packed else 0),
                      f"label of {order.number} came out {printed[order.tracking]} times")

    def judge(self, memory, orders, labels):
        packed = {o.id for o in orders}
        self.whole()
        self.streams()
        self.scans(memory)
        self.pieces(memory, orders, packed)
        self.closes(memory, packed)
        self.stock(orders, packed)
        self.paper(labels, orders, packed)
        return self.problems
