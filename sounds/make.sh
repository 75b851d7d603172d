#!/usr/bin/env bash
# Makes the speech of the demo and the tests anew, from text: espeak-ng speaks, sox brings it to 48 kHz mono 16 bits at -3 dB.
set -euo pipefail
cd "$(dirname "$0")"

say() { # name voice speed pitch text
    espeak-ng -v "$2" -s "$3" -p "$4" --stdout "$5" | sox -D - -r 48000 -c 1 -b 16 "$1.wav" silence 1 0.02 0.1% norm -3
}

say alice en-us+f3 165 60 "Hello Bob, this is Alice. I sit behind two routers, and you still hear me."
say bob en-gb+m3 150 35 "Good evening Alice. Your voice took the long way, but it came through clear."
