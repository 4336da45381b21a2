// The eye's process with a camera that a test made: a CameraSource as JSON, and the socket where Firn listens.

import { Feed } from "../../device/eye/feed.ts";
import { serveEye } from "../../device/eye/serve.ts";

const [camera, wire] = process.argv.slice(2);
serveEye(new Feed(JSON.parse(camera!)), wire!);
