"""Reads agent.db of every station and server.db with SQL of its own and compares them with what the
packers heard. `Seen` is one station's side of the story."""
import collections
import dataclasses
import pathlib
import shutil
import sqlite3
import tempfile


@dataclasses.dataclass
class Seen:
    """What a packer at one bench did and heard."""
    site: str
    name: str
    agent_db: pathlib.Path
    memory: object   # packing.Memory
    packed: list     # orders closed at this bench
    labels: list     # what came out of its printer
    streams: bool = True  # False: this disk was changed by hand; its streams forked by design


class Books:
    def __init__(self, server_db, seats):
        self.folder = tempfile.TemporaryDirectory(prefix="dockline-books-")
        self.server = self.copy(server_db, "server")
        self.seats = seats
        self.agents = [self.copy(seat.agent_db, str(n)) for n, seat in enumerate(seats)]
        self.problems = []

    def copy(self, path, place):
        """A copy with its write-ahead log: reading must not touch the evidence."""
        path, folder = pathlib.Path(path), pathlib.Path(self.folder.name) / place
        folder.mkdir()
        for file in path.parent.glob(path.name + "*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, folder)
        db = sqlite3.connect(folder / path.name)
        db.row_factory = sqlite3.Row
        return db

    def need(self, good, what):
        if not good:
            self.problems.append(what)

    def rows(self, sql, *args):
        return self.server.execute(sql, args).fetchall()

    # ------------------------------------------------------------ all files are whole
    def whole(self):
        names = ["server.db"] + [f"agent.db of {seat.name}" for seat in self.seats]
        for name, db in zip(names, [self.server, *self.agents]):
            self.need(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok",
                      f"{name} is damaged")
        self.need(not self.rows("SELECT 1 FROM parked"), "the server parked facts")
        for seat, db in zip(self.seats, self.agents):
            self.need(not db.execute("SELECT 1 FROM down_parked").fetchall(),
                      f"{seat.name} parked facts")

    # ------------------------------------------------------------ the two streams
    def streams(self, seat, agent):
        facts = self.rows(
            "SELECT json_extract(body,'$.dlinc') inc, json_extract(body,'$.dlseq') seq "
            "FROM events WHERE source = ? ORDER BY position", f"/{seat.site}/{seat.name}")
        seqs = collections.defaultdict(list)
        for row in facts:
            seqs[row["inc"]].append(row["seq"])
        live = agent.execute("SELECT up_inc, up_base, up_last, up_last_chain FROM live").fetchone()
        self.need(set(seqs) <= {live["up_inc"]},
                  f"facts of incarnations {set(seqs)}, {seat.name} has {live['up_inc']}")
        for inc, numbers in seqs.items():
            self.need(numbers == list(range(1, len(numbers) + 1)),
                      f"up facts of {inc} are not 1..{len(numbers)} in order, each once")
        self.need(len(facts) == live["up_last"],
                  f"{seat.name} recorded {live['up_last']} facts, the server has {len(facts)}")
        got = self.rows("SELECT through, chain FROM stream_in WHERE site=? AND station=? "
                        "AND inc=?", seat.site, seat.name, live["up_inc"])
        self.need(bool(got) and got[0]["through"] == live["up_last"] and
                  got[0]["chain"] == live["up_last_chain"], f"{seat.name}: up cursors differ")
        self.retained(seat, agent, live)
        self.down(seat, agent)

    def retained(self, seat, agent, live):
        rows = agent.execute("SELECT seq, event_id, bytes FROM up_row ORDER BY seq").fetchall()
        self.need([r["seq"] for r in rows] == list(range(live["up_base"] + 1, live["up_last"] + 1)),
                  f"the outbox of {seat.name} has holes")
        for row in rows:
            kept = self.rows("SELECT body FROM events WHERE id = ?", row["event_id"])
            self.need(bool(kept) and bytes(kept[0]["body"]) == bytes(row["bytes"]),
                      f"fact {row['event_id']} is not at the server byte for byte")

    def down(self, seat, agent):
        sent = self.rows("SELECT inc, last, last_chain FROM stream_out "
                         "WHERE site=? AND station=?", seat.site, seat.name)
        got = agent.execute("SELECT inc, through, chain FROM down_cursor WHERE closed = 0").fetchall()
        self.need(len(sent) == 1 and len(got) == 1 and
                  tuple(sent[0]) == tuple(got[0]), f"{seat.name}: down cursors differ")

    # ------------------------------------------------------------ what was answered
    def scans(self, seat, agent):
        memory = seat.memory
        kept = {bytes(r["data"]).decode(): r["n"] for r in agent.execute(
            "SELECT data, count(*) n FROM raw_scan GROUP BY data").fetchall()}
        for text, times in memory.answered.items():
            self.need(kept.get(text, 0) >= times,
                      f"{seat.name}: scan {text} was answered {times} times, "
                      f"{kept.get(text, 0)} are journalled")
        for text, times in kept.items():
            self.need(times <= memory.scans.get(text, 0),
                      f"{seat.name}: scan {text} is journalled {times} times, "
                      f"made {memory.scans.get(text, 0)}")

    def pieces(self, orders, packed):
        net = collections.Counter()
        for kind, sign in (("counted", 1), ("uncounted", -1)):
            for row in self.rows(
                    "SELECT json_extract(body,'$.data.order') o, json_extract(body,'$.data.sku') s, "
                    "sum(json_extract(body,'$.data.quantity')) n FROM events "
                    f"WHERE type = 'dockline.pack.item.{kind}.v1' GROUP BY o, s"):
                net[row["o"], row["s"]] += sign * row["n"]
        for seat in self.seats:
            for key, heard in seat.memory.counted.items():
                self.need(net[key] >= heard, f"{key}: {heard} pieces answered, {net[key]} kept")
        for seat, order in orders:
            for sku, want in order.want.items():
                if order.id in packed:
                    self.need(net[order.id, sku] == want,
                              f"{order.number} closed with {net[order.id, sku]} of {want} {sku}")
                self.need(net[order.id, sku] <= seat.memory.scans.get(order.barcodes[sku], 0),
                          f"{sku} counted more often than scanned")

    def closes(self, packed):
        closed = collections.Counter(r[0] for r in self.rows(
            "SELECT json_extract(body,'$.data.order') FROM events "
            "WHERE type = 'dockline.pack.closed.v1'"))
        for order, times in closed.items():
            self.need(times == 1, f"{order} was closed {times} times")
        heard = set().union(*(seat.memory.closed for seat in self.seats))
        self.need(heard <= set(closed), f"closed and lost: {heard - set(closed)}")
        self.need(packed == set(closed), f"packed and not closed: {packed - set(closed)}, "
                  f"closed and not packed: {set(closed) - packed}")
        states = dict(map(tuple, self.rows("SELECT id, state FROM p_order")))
        for order in packed:
            self.need(states.get(order) in ("packed", "shipped"), f"{order} is {states.get(order)}")

    def stock(self, orders):
        for row in self.rows("SELECT sku, sum(quantity) n FROM p_balance GROUP BY sku"):
            self.need(row["n"] == 0, f"{row['sku']}: places sum to {row['n']}")
        want = collections.Counter()
        for seat, order in orders:
            for sku, pieces in order.want.items():
                want[sku, f"{seat.site}/packed"] += pieces
        for site in {seat.site for seat in self.seats}:
            have = dict(map(tuple, self.rows("SELECT sku, quantity FROM p_balance "
                                             "WHERE place = ?", f"{site}/packed")))
            for sku in {*have, *(s for s, place in want if place == f"{site}/packed")}:
                pieces = want[sku, f"{site}/packed"]
                self.need(have.get(sku, 0) == pieces, f"{sku}: {have.get(sku, 0)} on the packed "
                          f"place of {site}, {pieces} were packed")

    def paper(self, seat, packed):
        printed = collections.Counter(c["text"] for label in seat.labels for c in label["codes"])
        for order in seat.packed:
            self.need(printed[order.tracking] == 1,
                      f"label of {order.number} came out {printed[order.tracking]} times")
        mine = {order.tracking for order in seat.packed}
        ours = {r["tracking"] for r in self.rows("SELECT tracking FROM p_lease")} - {""}
        for text, times in printed.items():
            self.need(text in mine or text not in ours,
                      f"label {text} came out {times} times, its order was not closed here")

    # ------------------------------------------------------------ what the shop was told
    def shop(self, told, orders):
        """The same message may be told again under its own number; no other about the same thing."""
        once = {}
        for one in told:
            body = once.setdefault(one["delivery"], one["body"])
            self.need({**body, "sent_at": 0} == {**one["body"], "sent_at": 0},
                      f"delivery {one['delivery']} was told in two versions")
        shipped = collections.Counter()
        for body in once.values():
            if body["type"] == "order.shipped":
                shipped[body["order"]["number"], body["order"]["tracking"]] += 1
        want = collections.Counter((order.number, order.tracking) for _, order in orders
                                   if order.id.startswith("shop:"))
        self.need(shipped == want, f"the shop was told too much: {shipped - want}, "
                  f"too little: {want - shipped}")

    def taken(self, orders):
        """Orders whose taking in was answered."""
        known = {r["id"] for r in self.rows("SELECT id FROM p_order")}
        self.need(set(orders) <= known, f"orders answered and lost: {sorted(set(orders) - known)}")

    def judge(self, taken=(), told=None):
        orders = [(seat, order) for seat in self.seats for order in seat.packed]
        packed = {order.id for _, order in orders}
        self.whole()
        for seat, agent in zip(self.seats, self.agents):
            if seat.streams:
                self.streams(seat, agent)
                self.scans(seat, agent)
            self.paper(seat, packed)
        self.pieces(orders, packed)
        self.closes(packed)
        self.stock(orders)
        self.taken(taken)
        if told is not None:
            self.shop(told, orders)
        return self.problems
