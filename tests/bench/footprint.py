"""What the programs take: memory, size, start-up, wake-ups when idle, bytes on wire and disk."""
import csv
import pathlib
import subprocess
import time

from rig import Server, cpu_s, resident_mib
from fleet import Fleet

SKUS = 2_000


def wakeups(pid):
    """Voluntary context switches of all threads: each is a sleep that ended."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


def settle(pid, quiet_s=2.0, most_s=60.0):
    """Until the program has used next to no processor for a while."""
    end = time.monotonic() + most_s
    while time.monotonic() < end:
        before = cpu_s(pid)
        time.sleep(quiet_s)
        if cpu_s(pid) - before <= 0.02:
            return


def idle(pid, seconds):
    switches, cpu = wakeups(pid), cpu_s(pid)
    time.sleep(seconds)
    return (wakeups(pid) - switches) / seconds, (cpu_s(pid) - cpu) / seconds * 100


def write_stock(path, skus):
    with open(path, "w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["sku", "title", "barcode", "site", "quantity", "bin"])
        for n in range(skus):
            rows.writerow([f"SKU-{n}", f"Item {n} of the bench", f"{4_000_000_000_000 + n}",
                           "leipzig", 10, f"A-{n % 40}-{n % 7}"])


def programs(bench, say):
    seconds, skus = (2, 100) if bench.short else (10, SKUS)
    with bench.scratch() as folder:
        fleet = Fleet(folder, bench.bin.parent)
        try:
            server_s = fleet.start_server()
            stock = folder / "stock.csv"
            write_stock(stock, skus)
            fleet.dockline("stock", "import", str(stock))
            station = fleet.stations[0]
            station.start_rig()
            first_s = station.start_agent()
            settle(station.agent.proc.pid)
            settle(fleet.server.proc.pid)
            say("footprint", "agent_start_new", first_s * 1000, "ms")
            agent, server = station.agent.proc.pid, fleet.server.proc.pid
            figures(say, "agent", agent, seconds, 12)
            figures(say, "server", server, seconds, None)
            station.agent.stop()
            say("footprint", "agent_start", station.start_agent() * 1000, "ms")
            settle(station.agent.proc.pid)
            say("footprint", "agent_memory_restarted", resident_mib(station.agent.proc.pid), "MiB",
                goal="12 MiB", good=lambda v, _: v <= 12)
            say("footprint", "server_start", server_s * 1000, "ms")
        finally:
            fleet.stop()


def private_mib(pid):
    """Memory of the program's own; the rest of what is resident are pages of libraries' files."""
    kib = 0
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty"):
            kib += int(line.split()[1])
    return kib / 1024


def figures(say, name, pid, seconds, goal_mib):
    say("footprint", f"{name}_memory_of_its_own", private_mib(pid), "MiB")
    say("footprint", f"{name}_memory", resident_mib(pid), "MiB",
        goal=f"{goal_mib} MiB" if goal_mib else None,
        good=(lambda v, _: v <= goal_mib) if goal_mib else None)
    per_s, cpu = idle(pid, seconds)
    say("footprint", f"{name}_wakeups", per_s, "1/s idle")
    say("footprint", f"{name}_idle_cpu", cpu, "% of one core")


def stripped_mib(bench, name):
    with bench.scratch() as folder:
        out = folder / name
        subprocess.run(["strip", "-o", out, bench.bin / name], check=True)
        return out.stat().st_size / 2**20


def bytes_per_event(bench, say):
    facts = 500 if bench.short else 5_000
    with bench.scratch() as folder, Server(bench, folder, 4) as server:
        server.take_orders(50 if bench.short else 500)
        db = folder / "server" / "server.db"

        def disk():
            return sum(f.stat().st_size for f in db.parent.glob("server.db*"))
        live = server.fleet("--live", 2, "--rate", 50, "--seconds", 2 if bench.short else 5)
        say("footprint", "wire_live", live["bytes_out"] / max(1, live["live_facts"]), "bytes/event")
        server.stop()  # the WAL goes into the file
        before = disk()
        server.start()
        drained = server.fleet("--drain", 4, "--backlog", facts)
        say("footprint", "wire_backlog", drained["bytes_out"] / drained["drained"], "bytes/event")
        server.stop()
        say("footprint", "disk", (disk() - before) / drained["drained"], "bytes/event")


def measure(bench, say):
    for name in ("dockline-agent", "dockline-server", "dockline"):
        say("footprint", f"{name.replace('dockline-', '')}_binary", stripped_mib(bench, name), "MiB")
    programs(bench, say)
    bytes_per_event(bench, say)
