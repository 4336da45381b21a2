// Joins stdin and stdout to a unix socket: how tpm2-tools, which start a program for it, come to swtpm.

import { connect } from "node:net";

const socket = connect(process.argv[2]!);
process.stdin.pipe(socket).pipe(process.stdout);
