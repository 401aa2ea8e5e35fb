#!/usr/bin/env python3
"""The recorded trade of tests/workloads through the whole domain, at 1, 5 and 10 times its rate.

usage: tests/sim/history.py [--program build/sim/bin/dockline-sim] [--factors 1,5,10] [--seed N]
                            [--slips N] [--record]

Each factor is one run of the fleet simulator: three sites, real stations with packers, two sales
channels, the office; all checkers look, and at the end a tally of its own accounts for every line
of the file. --record writes tests/sim/HISTORY.md. Ends with 1 when anything is oversold, lost, or
breaks a promise.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILE = ROOT / "tests" / "workloads" / "online-retail-10k.csv"

ABOUT = """# The recorded trade through the whole domain
Made by `tests/sim/history.py --record` ({date}, commit {commit}, seed {seed}). The 10,000 lines of `tests/workloads/online-retail-10k.csv` at their recorded times; nights are cut to five
minutes. At a factor so many copies run side by side, with numbers and customers of their own: the same hours, so many times the rate.

Three sites, real StationApps with packers who scan, a Vendure-like shop and a webhook partner that sell what they were last told, an office. Plain orders are bought at the shops; what a shop shows as sold out, orders with postage or with an
article twice, cancellations, corrections of stock and odd lines are taken in by the office as files of one number each. Of the articles that four or more lines want, every sixth has 90 % of what will be wanted, the others have 190 %; most of it lies at one site.

Orders go by a chain of rules with costs: stock, a site that was heard, a carrier; then what the parcel costs by its weight (250 g a piece, steps of 5 and 30 kg, 4.30 EUR from the first site, 4.70 and more from the others), packing by parcel and piece, 4.00 EUR at a site whose day is full, 3.00 EUR for a second
site. Lines go from two sites at most, and what is there leaves before what has to wait. The checker `routes` holds against each decision that its sites may ship and have the goods, and reckons the cost of those again that the solver proved (`exact`).

Drivers call at every site every 20 minutes or so and take all that waits. At the gate some parcels are scanned one by one, some stay after all and leave later, some are delivered, some pieces come back. Drawn besides: short
picks, pieces taken back, wrong scans, orders put aside, customers who change their minds, and what an office does besides: shelves are counted (also where the books are below nothing), goods move to quarantine, between the sites and in from suppliers.

"""
AFTER = """
- **lost**: lines of the file that are neither in an order nor a cancellation, a correction or an exception with its reason, or are there with another quantity.
- **oversold**: pieces that are promised at a site beyond what lies there, when everything has come to rest (while it runs the checkers look every five minutes). A shelf below nothing counts as well, unless a case about it is open and nobody was promised or shown a piece of it.
- **parcels**: boxes that were closed and count. Each has been handed over in the end, or stands at its site because its order is cancelled or held, its label has an old address, or there is too much in it; one that stands for no reason is a violation.
- **pieces elsewhere than their boxes**: of each line, what is packed against what lies in its boxes that stand, and what is shipped, delivered or returned against its boxes that left; of each article, what the books have packed at the sites and at the buyers against the same boxes. Lines of orders with a case about too much in their boxes are left out of the first (the checker `parcels` judges those), not of the second.
- Orders in several parcels: their lines lay at two sites, or a part left before the rest was there.
- Books equal: the log folded once more gives the same tables, `dockline audit` finds nothing on the server's file and those of all stations, moves and balances agree, all places of an article sum to zero (checkers `replay`, `audit`, `ledger`, `units`).
- Wall time is that of one core, on a machine that others use as well.

Run it: `cmake --preset sim && ninja -C build/sim dockline-sim && tests/sim/history.py`. One factor alone: `build/sim/bin/dockline-sim --history tests/workloads/online-retail-10k.csv --factor 5`.
"""


def commit():
    return subprocess.run(["git", "-C", ROOT, "describe", "--always"], text=True,
                          capture_output=True, check=False).stdout.strip() or "unknown"


def run(program, factor, seed, slips):
    argv = [program, "--seed", seed, "--history", FILE, "--factor", factor]
    if slips:
        argv += ["--slips", slips]
    began = time.monotonic()
    done = subprocess.run([str(a) for a in argv], text=True, stdout=subprocess.PIPE, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    told = lines[0] if len(lines) > 1 else {}
    told |= {"factor": factor, "wall_s": time.monotonic() - began, "sum": lines[-1] if lines else {},
             "failed": done.returncode != 0 or not told or told["lost"] > 0 or told["oversold"] > 0 or
                       told["adrift"] > 0}
    return told


def number(value):
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def named(counts):
    return ", ".join(f"{k} {number(v)}" for k, v in sorted(counts.items())) or "none"


def rows(told):
    pieces, office, facts = told["pieces"], told["taken_in_at_office"], told["facts"]
    parcels = told["parcels"]
    held = {k: v for k, v in pieces.items() if k in ("open", "allocated", "released")}
    return [
        ("slips (numbers)", told["slips"]), ("lines of the file", told["lines"]),
        ("lines bought at shops", told["bought_at_shops"]),
        ("purchases a shop refused (sold out)", told["sold_out_at_shop"]),
        ("lines at the office: orders", office.get("order", 0)),
        ("cancellations", office.get("cancellation", 0)),
        ("corrections of stock", office.get("adjustment", 0)),
        ("exceptions with a reason", office.get("exception", 0)),
        ("**lines lost**", told["lost"]),
        ("orders", told["orders"]), ("pieces ordered", pieces["ordered"]),
        ("pieces packed", sum(pieces.get(k, 0)
                              for k in ("packed", "shipped", "delivered", "returned"))),
        ("pieces cancelled", pieces.get("cancelled", 0)),
        ("pieces backordered at the end", pieces.get("backordered", 0)),
        ("pieces in any other state", sum(held.values())),
        ("**pieces oversold**", told["oversold"]),
        ("shelves below nothing at the end", told["shelves_below_nothing"]),
        ("boxes", told["boxes"]),
        ("parcels handed over", parcels["handed_over"]),
        ("parcels by site", named(told["parcels_by_site"])),
        ("parcels that stand, with the reason", named(told["standing"])),
        ("pieces shipped or delivered", sum(pieces.get(k, 0) for k in ("shipped", "delivered"))),
        ("pieces that came back", pieces.get("returned", 0)),
        ("pieces packed that stand", pieces.get("packed", 0)),
        ("**pieces elsewhere than their boxes**", told["adrift"]),
        ("orders with parcels", parcels["orders"]),
        ("of them in several parcels", parcels["orders_in_several"]),
        ("of them from several sites", parcels["orders_from_sites"]),
        ("parcels per order", f"{parcels['all'] / max(1, parcels['orders']):.2f}"),
        ("orders that routing gave to several sites at once", told["routed_over_sites"]),
        ("decisions of routing", named(told["decisions"])),
        ("parcels taken back from the carrier", facts.get("parcel.taken.back", 0)),
        ("short picks", facts.get("pack.short.noted", 0)),
        ("pieces taken back out", facts.get("pack.item.uncounted", 0)),
        ("cancellations that reached an order", facts.get("order.cancelled", 0)),
        ("shelves counted", facts.get("stock.counted", 0)),
        ("transfers sent", facts.get("transfer.sent", 0)),
        ("deliveries received", facts.get("delivery.received", 0)),
        ("figures told to shops", facts.get("channel.stock.confirmed", 0)),
        ("scans", told["scans"]), ("facts in the log", told["events"]),
        ("exceptions by kind", named(told["exceptions"])),
        ("virtual hours", told["virtual_hours"]), ("seconds of one core", told["seconds"]),
        ("violations", told["sum"].get("violations", 0)),
    ]


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--program", default=ROOT / "build" / "sim" / "bin" / "dockline-sim")
    ask.add_argument("--factors", default="1,5,10")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--slips", type=int, default=0)
    ask.add_argument("--record", action="store_true")
    want = ask.parse_args()
    runs = []
    for factor in (int(f) for f in want.factors.split(",")):
        told = run(want.program, factor, want.seed, want.slips)
        runs.append(told)
        print(json.dumps(told), flush=True)
    if any(told["failed"] for told in runs):
        print("history: not everything is accounted for, see above", file=sys.stderr)
        return 1
    table = [rows(told) for told in runs]
    lines = ["| | " + " | ".join(f"{told['factor']}x" for told in runs) + " |",
             "|---|" + "---|" * len(runs)]
    for row in zip(*table):
        cells = [value if isinstance(value, str) else number(value) for _, value in row]
        lines.append(f"| {row[0][0]} | " + " | ".join(cells) + " |")
    if want.record:
        about = ABOUT.format(date=time.strftime("%Y-%m-%d"), commit=commit(), seed=want.seed)
        (ROOT / "tests" / "sim" / "HISTORY.md").write_text(about + "\n".join(lines) + "\n" + AFTER)
    print("\n".join(lines), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
