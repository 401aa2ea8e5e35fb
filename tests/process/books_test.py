#!/usr/bin/env python3
"""The judge of kill_test.py sees each kind of breach: one sound day, then one thing wrong at a time."""
import json
import pathlib
import sqlite3
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "demo"))
from books import Books, Seen  # noqa: E402
from packing import Memory, Order  # noqa: E402

PIECE = {"sku": "A", "quantity": 1}
SITE, NAME, INC = "leipzig", "bench-4", "5c000000-0000-4000-8000-000000000001"
ORDER = Order({"id": "shop:K-1", "number": "K-1", "tracking": "DL1",
               "lines": [{"sku": "A", "quantity": 2}]}, {"A": "200"})


def fact(seq, kind, data):
    return json.dumps({"id": f"e{seq}", "dlinc": INC, "dlseq": seq, "type": f"dockline.{kind}.v1",
                       "data": {"order": ORDER.id, **data}}).encode()


class Day:
    """Two pieces packed and closed; the station still holds fact 4."""

    def __init__(self, folder):
        self.agent_path, self.server_path = folder / "agent.db", folder / "server.db"
        for path, module in ((self.agent_path, "agent"), (self.server_path, "server")):
            path.unlink(missing_ok=True)
            with sqlite3.connect(path) as db:
                db.execute("PRAGMA synchronous=OFF")
                for sql in sorted((ROOT / module / "store" / "migrations").glob("*.sql")):
                    db.executescript(sql.read_text())
        facts = [fact(1, "pack.opened", {}), fact(2, "pack.item.counted", PIECE),
                 fact(3, "pack.item.counted", PIECE), fact(4, "pack.closed", {})]
        for body in facts:
            self.keep(body)
        self.server("INSERT INTO stream_in VALUES(?,?,?,1,4,x'AA',1,1,0,0,0)", SITE, NAME, INC)
        self.server("INSERT INTO stream_out VALUES(?,?,?,0,x'00',7,x'BB','',1)", SITE, NAME, INC)
        self.server("INSERT INTO p_balance VALUES('A',?,2,0),('A','supplier',-2,0)",
                    f"{SITE}/packed")
        # By the schema's own types, so that the next column of an order needs no word here.
        columns = {name: 1 if kind == "INTEGER" else ""
                   for _, name, kind, *_ in self.server("PRAGMA table_info(p_order)")}
        columns.update(id=ORDER.id, number="K-1", state="packed")
        self.server(f"INSERT INTO p_order({','.join(columns)}) VALUES({','.join('?' * len(columns))})",
                    *columns.values())
        self.agent("UPDATE live SET up_inc=?, up_base=3, up_last=4, up_last_chain=x'AA'", INC)
        self.agent("INSERT INTO up_row VALUES(4,'e4',?,x'AA',0)", facts[3])
        self.agent("INSERT INTO down_cursor VALUES(1,?,7,x'BB',1,1,0,0,0)", INC)
        for text in ("K-1", "200", "200", "DL1"):
            self.agent("INSERT INTO raw_scan(at_ms,device,data,symbology,verdict,order_id) "
                       "VALUES(0,'',?,'','','')", text.encode())
        self.labels = [{"codes": [{"text": "DL1"}]}]
        self.memory = Memory()
        self.memory.scans = {"K-1": 1, "200": 2, "DL1": 1}
        self.memory.answered = dict(self.memory.scans)
        self.memory.counted = {(ORDER.id, "A"): 2}
        self.memory.closed = {ORDER.id}
        self.taken = [ORDER.id]
        self.told = [{"delivery": "d1", "body": {
            "type": "order.shipped", "sent_at": 1, "order": {"number": "K-1", "tracking": "DL1"}}}]
        self.told.append({"delivery": "d1", "body": {**self.told[0]["body"], "sent_at": 2}})

    @staticmethod
    def run(path, sql, *args):
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA synchronous=OFF")  # evidence of a test, not of a bench
            return db.execute(sql, args).fetchall()

    def agent(self, sql, *args):
        return self.run(self.agent_path, sql, *args)

    def server(self, sql, *args):
        return self.run(self.server_path, sql, *args)

    def keep(self, body):
        event = json.loads(body)
        self.server("INSERT INTO events(id,type,source,subject,correlation,time_ms,heard_ms,body) "
                    "VALUES(?,?,?,'','',0,0,?)", event["id"], event["type"], f"/{SITE}/{NAME}", body)

    def problems(self):
        seat = Seen(SITE, NAME, self.agent_path, self.memory, [ORDER], self.labels)
        return Books(self.server_path, [seat]).judge(self.taken, self.told)


BREACHES = {
    "a fact of the middle is missing": (
        lambda d: d.server("DELETE FROM events WHERE id='e2'"), "not 1..3 in order"),
    "the newest fact is missing": (
        lambda d: d.server("DELETE FROM events WHERE id='e4'"), "the server has 3"),
    "a fact came twice under another id": (
        lambda d: d.keep(fact(4, "pack.closed", {}).replace(b'"e4"', b'"e5"')), "closed 2 times"),
    "facts came in another order": (
        lambda d: d.server("UPDATE events SET body=CASE id WHEN 'e2' THEN ? ELSE ? END "
                           "WHERE id IN ('e2','e3')", fact(3, "pack.item.counted", PIECE),
                           fact(2, "pack.item.counted", PIECE)), "in order, each once"),
    "a byte changed on the way": (
        lambda d: d.server("UPDATE events SET body=? WHERE id='e4'",
                           fact(4, "pack.closed", {}) + b" "), "byte for byte"),
    "the up cursors differ": (
        lambda d: d.server("UPDATE stream_in SET chain=x'AB'"), "up cursor"),
    "the down cursors differ": (
        lambda d: d.agent("UPDATE down_cursor SET through=6"), "down cursor"),
    "a fact was parked": (
        lambda d: d.server("INSERT INTO parked(id,site,station,inc,seq,heard_ms,why,bytes) "
                           "VALUES(1,'','','',1,0,'',x'')"), "parked"),
    "an answered piece is gone": (
        lambda d: d.memory.counted.update({(ORDER.id, "A"): 3}), "3 pieces answered, 2 kept"),
    "a piece was counted without a scan": (
        lambda d: d.memory.scans.update({"200": 1}), "counted more often than scanned"),
    "an answered scan is not journalled": (
        lambda d: d.agent("DELETE FROM raw_scan WHERE data=?", b"K-1"), "scan K-1 was answered"),
    "an answered close is gone": (
        lambda d: d.server("DELETE FROM events WHERE id='e4'"), "closed and lost"),
    "the order is not packed": (
        lambda d: d.server("UPDATE p_order SET state='released'"), "is released"),
    "stock moved twice": (
        lambda d: d.server("UPDATE p_balance SET quantity=quantity*2"), "4 on the packed place"),
    "pieces appeared from nowhere": (
        lambda d: d.server("UPDATE p_balance SET quantity=0 WHERE place='supplier'"), "sum to 2"),
    "the label came out twice": (
        lambda d: d.labels.append(d.labels[0]), "came out 2 times"),
    "the shop was told twice under two numbers": (
        lambda d: d.told.append({**d.told[0], "delivery": "d2"}), "told too much"),
    "an answered order is gone": (
        lambda d: d.taken.append("api:K-2"), "answered and lost"),
    "the shop was never told": (lambda d: d.told.clear(), "too little"),
    "one delivery has two contents": (
        lambda d: d.told[1]["body"].update(order={}), "two versions"),
    "a label came out for an order nobody closed": (
        lambda d: (d.server("INSERT INTO p_lease(lease, ord, epoch, site, station, state, touched, told, granted_ms, "
               "ended_ms, tracking, sscc, carrier, service) "
               "VALUES('l',1,1,'','','held',0,0,0,0,'DL2','','','')"),
                   d.labels.append({"codes": [{"text": "DL2"}]})), "was not closed here"),
    "the label never came out": (
        lambda d: d.labels.clear(), "came out 0 times"),
}


def main():
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="dockline-books-test-") as folder:
        sound = Day(pathlib.Path(folder)).problems()
        if sound:
            wrong += 1
            print(f"a sound day is judged wrong: {sound}")
        for name, (breach, seen_as) in BREACHES.items():
            day = Day(pathlib.Path(folder))
            breach(day)
            problems = day.problems()
            if not any(seen_as in problem for problem in problems):
                wrong += 1
                print(f"not seen: {name}; the judge said {problems}")
    print(f"{len(BREACHES)} breaches, {wrong} judged wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
