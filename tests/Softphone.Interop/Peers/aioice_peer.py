#!/usr/bin/python3
"""One aioice end. usage: aioice_peer.py controlling|controlled COMPONENTS full|to-lite none|stun|turn-udp|turn-tcp

The lines on stdin and stdout are those of Peers/README.md. to-lite: aioice is told that the other end is lite.
"""
import asyncio
import sys
import time

import aioice

role, components, kind, server = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
PINGS, LIMIT = 40, 6.0


def say(text):
    print(text, flush=True)


def packet(component, number, mark):
    return bytes([0x80, 96 if component == 1 else 200]) + number.to_bytes(2, "big") + bytes(4) + b"AIOI" + mark + bytes(31)


async def read_block(reader):
    lines = []
    while True:
        line = (await reader.readline()).decode()
        if not line.strip():
            return lines
        lines.append(line.strip())


async def main():
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    servers = {}
    if server != "none":
        servers["stun_server"] = ("203.0.113.10", 3478)
    if server.startswith("turn"):
        servers.update(turn_server=("203.0.113.10", 3478), turn_username="turnuser", turn_password="turnpass", turn_transport=server[5:])
    c = aioice.Connection(ice_controlling=role == "controlling", components=components, use_ipv6=False, **servers)
    c.remote_is_lite = kind == "to-lite"
    if c.remote_is_lite:
        start_check = c.check_start

        # A check that comes as aioice begins makes it start the pair twice; with regular nomination the second start ends the session as failed.
        async def start_once(pair):
            if pair.state != aioice.ice.CandidatePair.State.IN_PROGRESS:
                await start_check(pair)

        c.check_start = start_once
    await asyncio.wait_for(c.gather_candidates(), 15)
    say(f"a=ice-ufrag:{c.local_username}")
    say(f"a=ice-pwd:{c.local_password}")
    for candidate in c.local_candidates:
        say(f"a=candidate:{candidate.to_sdp()}")
    say("")

    for line in await read_block(reader):
        name, _, value = line.removeprefix("a=").partition(":")
        if name == "ice-ufrag":
            c.remote_username = value
        elif name == "ice-pwd":
            c.remote_password = value
        elif name == "candidate":
            candidate = aioice.Candidate.from_sdp(value)
            if candidate.component <= components:
                await c.add_remote_candidate(candidate)
    await c.add_remote_candidate(None)

    start = time.monotonic()
    try:
        await asyncio.wait_for(c.connect(), 40)
    except Exception as problem:
        say(f"failed {type(problem).__name__} {problem}")
        return
    took = (time.monotonic() - start) * 1000
    say(f"connected {took:.1f}")
    say(f"nominated {took:.1f}")
    echoed = {n: 0 for n in range(1, components + 1)}
    heard = dict(echoed)

    async def receive():
        while True:
            data, component = await c.recvfrom()
            if data[12:13] == b"P":
                heard[component] += 1
                await c.sendto(data[:12] + b"E" + data[13:], component)
            elif data[12:13] == b"E":
                echoed[component] += 1

    listening = asyncio.ensure_future(receive())
    sent = 0
    while time.monotonic() - start < LIMIT and min(echoed.values()) < PINGS:
        for component in echoed:
            await c.sendto(packet(component, sent, b"P"), component)
        sent += 1
        await asyncio.sleep(0.02)
    for component in echoed:
        say(f"data {component} {sent} {echoed[component]} {heard[component]}")
    say("done")
    await read_block(reader)
    for component in echoed:
        pair = c._nominated[component]
        local, remote = pair.local_candidate, pair.remote_candidate
        say(f"selected {component} {local.type} {local.host}:{local.port} {local.host}:{local.port} {remote.type} {remote.host}:{remote.port}")
    say("")
    await read_block(reader)
    listening.cancel()
    await c.close()


asyncio.run(main())
