// USB devices as the kernel lists them, and letting one in: the device first, which by itself connects nothing, then
// those of its interfaces that may be used.

import { basename } from "node:path";
import type { Machine } from "./machine.ts";
import { judge, type Verdict } from "./usb-judge.ts";

const DEVICES = "/sys/bus/usb/devices";
const PROBE = "/sys/bus/usb/drivers_probe";
/** Of hubs, keyboards and security keys, cameras, sticks. */
const DRIVERS = ["hub", "usbhid", "uvcvideo", "usb-storage", "uas"];
/** "1-1.4": bus and ports. Root hubs are "usb1", interfaces "1-1.4:1.0". */
const NAME = /^(\d{1,3})-\d{1,3}(\.\d{1,3}){0,5}$/;

export class UsbDevice {
  readonly name: string;
  readonly #machine: Machine;

  constructor(machine: Machine, name: string) {
    if (!NAME.test(name)) throw new Error("no name of a USB device");
    this.name = name;
    this.#machine = machine;
  }

  /** Whatever is plugged in besides root hubs. */
  static all(machine: Machine): UsbDevice[] {
    const names = machine.names(DEVICES) ?? [];
    return names.filter((name) => NAME.test(name)).map((name) => new UsbDevice(machine, name));
  }

  /** Another is told from it by this number. Undefined where it is gone. */
  number(): string | undefined {
    return this.#machine.text(`${this.#folder()}/devnum`);
  }

  isIn(): boolean {
    return this.#machine.text(`${this.#folder()}/authorized`) === "1";
  }

  verdict(): Verdict {
    return judge(this.#machine.bytes(`${this.#folder()}/descriptors`) ?? new Uint8Array());
  }

  /** With every interface shut. */
  letIn(): void {
    const bus = NAME.exec(this.name)![1]!;
    this.#machine.put(`${DEVICES}/usb${bus}/interface_authorized_default`, "0");
    this.#machine.put(`${this.#folder()}/authorized`, "1");
  }

  /** Takes its drivers away, and whatever hangs on them. Nothing where it is gone or was never let in. */
  keepOut(): void {
    if (this.isIn()) this.#machine.put(`${this.#folder()}/authorized`, "0");
  }

  /**
   * All before any is connected: a camera's driver takes several at once. Throws where another driver took one: some,
   * those of network adapters among them, go by a device's numbers, whatever its interfaces say that they are.
   */
  open(interfaces: readonly number[]): void {
    for (const one of interfaces) this.#machine.put(`${this.interfaceFolder(one)}/authorized`, "1");
    for (const one of interfaces) {
      this.#machine.put(PROBE, this.#interfaceName(one));
      const driver = this.#machine.real(`${this.interfaceFolder(one)}/driver`);
      if (driver !== undefined && !DRIVERS.includes(basename(driver))) throw new Error("another driver");
    }
  }

  shut(interfaces: readonly number[]): void {
    for (const one of interfaces) this.#machine.put(`${this.interfaceFolder(one)}/authorized`, "0");
  }

  interfaceFolder(one: number): string {
    return `${DEVICES}/${this.#interfaceName(one)}`;
  }

  /** Of a HID interface that is connected. */
  report(one: number): Uint8Array | undefined {
    const folder = this.interfaceFolder(one);
    const hid = (this.#machine.names(folder) ?? []).find((name) => HID_NAME.test(name));
    return hid === undefined ? undefined : this.#machine.bytes(`${folder}/${hid}/report_descriptor`);
  }

  #folder(): string {
    return `${DEVICES}/${this.name}`;
  }

  /** It has one configuration, and the kernel chose it: by its own number, which need not be 1. */
  #interfaceName(one: number): string {
    const chosen = this.#machine.text(`${this.#folder()}/bConfigurationValue`);
    return `${this.name}:${Number(chosen)}.${one}`;
  }
}

/** "0003:1050:0407.0002": bus, vendor, product, instance. */
const HID_NAME = /^0003:[0-9A-F]{4}:[0-9A-F]{4}\.[0-9A-F]{4}$/;
