"""Runs a command on a terminal and types one line for each time that the terminal does not show what is typed.

usage: type.py LINE|LINE… COMMAND…
"""
import os
import pty
import sys
import termios
import time

typed, command = sys.argv[1].split("|"), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)

shown = b""
try:
    while piece := os.read(terminal, 1024):
        shown += piece
        if typed and shown.endswith(b": "):
            # The prompt is there a moment before the terminal stops showing what is typed.
            while termios.tcgetattr(terminal)[3] & termios.ECHO:
                time.sleep(0.01)
            os.write(terminal, typed.pop(0).encode() + b"\n")
except OSError:
    pass  # The other side of the terminal is closed.
print(shown.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
