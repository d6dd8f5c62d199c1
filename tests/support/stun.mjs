// STUN Binding requests and answers, as far as a test of ICE over TCP needs them (RFC 8489 §5, §14.2, §14.5, §14.7; RFC 4571 §2).
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { within } from './waiting.mjs';

const COOKIE = 0x2112a442;

/** CRC-32 as gzip ends with (RFC 1952 §2.3.1); Debian's Node 18 has no other. */
const crc32 = (bytes) => gzipSync(bytes).subarray(-8).readUInt32LE(0);

function attribute(type, value) {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(-value.length & 3)]);
}

function message(transaction, attributes, length) {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(0x0001, 0);
  head.writeUInt16BE(length, 2);
  head.writeUInt32BE(COOKIE, 4);
  transaction.copy(head, 8);
  return Buffer.concat([head, attributes]);
}

/** A check of a controlled peer, for the agent `ufrag` whose password is `pwd`. */
export function bindingRequest({ ufrag, pwd, own = 'peer' }) {
  const transaction = randomBytes(12);
  const priority = Buffer.alloc(4);
  priority.writeUInt32BE(80 * 2 ** 24 + 255);
  let attributes = Buffer.concat([attribute(0x0006, Buffer.from(`${ufrag}:${own}`)), attribute(0x0024, priority), attribute(0x8029, randomBytes(8))]);
  const mac = createHmac('sha1', pwd).update(message(transaction, attributes, attributes.length + 24)).digest();
  attributes = Buffer.concat([attributes, attribute(0x0008, mac)]);
  const print = Buffer.alloc(4);
  print.writeUInt32BE((crc32(message(transaction, attributes, attributes.length + 8)) ^ 0x5354554e) >>> 0);
  attributes = Buffer.concat([attributes, attribute(0x8028, print)]);
  return message(transaction, attributes, attributes.length);
}

/** {type, port}: the message's type, and the port of XOR-MAPPED-ADDRESS if there is one. */
export function readStun(bytes) {
  const found = { type: bytes.readUInt16BE(0) };
  for (let at = 20; at + 4 <= bytes.length; at += 4 + ((bytes.readUInt16BE(at + 2) + 3) & ~3)) {
    if (bytes.readUInt16BE(at) === 0x0020) found.port = bytes.readUInt16BE(at + 6) ^ (COOKIE >>> 16);
  }
  return found;
}

/** A TCP connection that carries packets. `next()`: the next one, or null when the server ended it. */
export class FramedClient {
  static async open(port, host = '127.0.0.1') {
    const client = new FramedClient();
    client.socket = connect(port, host);
    client.input = Buffer.alloc(0);
    client.ended = false;
    client.socket.on('data', (chunk) => (client.input = Buffer.concat([client.input, chunk])));
    client.socket.on('close', () => (client.ended = true));
    client.socket.on('error', () => {});
    await once(client.socket, 'connect');
    return client;
  }

  send(packet) {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(packet.length);
    this.socket.write(Buffer.concat([head, packet]));
  }

  async next() {
    const take = async () => {
      for (;;) {
        const length = this.input.length >= 2 ? this.input.readUInt16BE(0) : Infinity;
        if (this.input.length >= 2 + length) {
          const packet = this.input.subarray(2, 2 + length);
          this.input = this.input.subarray(2 + length);
          return packet;
        }
        if (this.ended) return null;
        await Promise.race([once(this.socket, 'data'), once(this.socket, 'close')]);
      }
    };
    return within(10000, take(), 'a packet over TCP');
  }

  close() {
    this.socket.destroy();
  }
}
