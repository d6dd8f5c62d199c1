// The client's side of SASL PLAIN (RFC 4616) and SCRAM (RFC 5802, RFC 7677) for tests: right, and wrong where it is asked to be.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const DIGEST = { 'SCRAM-SHA-1': 'sha1', 'SCRAM-SHA-256': 'sha256' };
const base64 = (text) => Buffer.from(text).toString('base64');
const escaped = (name) => name.replaceAll('=', '=3D').replaceAll(',', '=2C');

export const plainMessage = ({ name, password, authzid = '' }) => base64(`${authzid}\0${name}\0${password}`);

/** One SCRAM exchange: first() goes out, final(challenge) answers, verify(success) says whether the server knows the password too. */
export class Scram {
  constructor(mechanism, { name, password, authzid = '', nonce = randomBytes(18).toString('base64') }) {
    Object.assign(this, { digest: DIGEST[mechanism], password, nonce });
    this.header = `n,${authzid ? `a=${escaped(authzid)}` : ''},`;
    this.bare = `n=${escaped(name)},r=${nonce}`;
  }

  first() {
    return base64(this.header + this.bare);
  }

  static parse(challenge) {
    const text = Buffer.from(challenge, 'base64').toString();
    const field = (name) => text.split(',').find((each) => each.startsWith(`${name}=`))?.slice(2);
    return { text, nonce: field('r'), salt: field('s'), iterations: Number(field('i')) };
  }

  final(challenge) {
    const { text, nonce, salt, iterations } = Scram.parse(challenge);
    if (!nonce?.startsWith(this.nonce) || nonce === this.nonce) throw new Error(`the nonce does not go on from ours: ${text}`);
    const hmac = (key, message) => createHmac(this.digest, key).update(message).digest();
    const size = createHash(this.digest).digest().length;
    const salted = pbkdf2Sync(this.password.normalize('NFKC'), Buffer.from(salt, 'base64'), iterations, size, this.digest);
    const withoutProof = `c=${base64(this.header)},r=${nonce}`;
    const message = `${this.bare},${text},${withoutProof}`;
    const clientKey = hmac(salted, 'Client Key');
    const signature = hmac(createHash(this.digest).update(clientKey).digest(), message);
    this.signature = hmac(hmac(salted, 'Server Key'), message).toString('base64');
    return base64(`${withoutProof},p=${Buffer.from(clientKey.map((byte, index) => byte ^ signature[index])).toString('base64')}`);
  }

  verify(success) {
    return Buffer.from(success, 'base64').toString() === `v=${this.signature}`;
  }
}
