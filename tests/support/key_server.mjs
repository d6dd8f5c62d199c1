// HTTPS servers that publish the keys of token issuers, and every way in which they may fail. Real certificates, made by openssl.
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate authority of the test's own, and a server certificate for `localhost` and 127.0.0.1 that it signed. */
export class Authority {
  constructor(t, name = 'test') {
    this.folder = mkdtempSync(join(tmpdir(), 'conclave-ca-'));
    t.after(() => rmSync(this.folder, { recursive: true, force: true }));
    this.caFile = join(this.folder, 'ca.pem');
    this.#openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${name} root`, '-keyout', 'ca.key', '-out', 'ca.pem');
  }

  #openssl(...args) {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }

  /** {key, cert} for these names. */
  certificate(names = 'DNS:localhost,IP:127.0.0.1') {
    const id = createHash('sha256').update(names).digest('hex').slice(0, 8);
    writeFileSync(join(this.folder, `${id}.ext`), `subjectAltName=${names}\n`);
    this.#openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=key server', '-keyout', `${id}.key`, '-out', `${id}.csr`);
    this.#openssl('x509', '-req', '-in', `${id}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${id}.ext`, '-out', `${id}.pem`);
    return { key: readFileSync(join(this.folder, `${id}.key`)), cert: readFileSync(join(this.folder, `${id}.pem`)) };
  }
}

/** One HTTPS server. `answer(request, response)` may be changed while it runs; `requests` are the paths that were asked. */
export class KeyServer {
  static async start(t, certificate, answer = (_request, response) => response.writeHead(404).end()) {
    const server = new KeyServer();
    Object.assign(server, { requests: [], answer, held: new Set(), sockets: new Set() });
    server.http = createServer(certificate, (request, response) => {
      server.requests.push(request.url);
      server.answer(request, response);
    });
    server.http.on('secureConnection', (socket) => server.#keep(socket));
    server.http.on('connection', (socket) => server.#keep(socket));
    server.http.listen(0, '127.0.0.1');
    await once(server.http, 'listening');
    server.port = server.http.address().port;
    t.after(() => server.stop());
    return server;
  }

  #keep(socket) {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => {});
  }

  url(path = '/') {
    return `https://localhost:${this.port}${path}`;
  }

  stop() {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.http.close(resolve));
  }

  /** Answers everything with these keys. */
  publish(keys, headers = {}) {
    this.answer = (_request, response) => response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ keys }));
  }

  /** Answers by key id, as an ASAP key server does. */
  publishById(pems, headers = {}) {
    const paths = new Map(Object.entries(pems).map(([kid, pem]) => [`/keys/${sha256(kid)}.pem`, pem]));
    this.answer = (request, response) => {
      const pem = paths.get(request.url);
      if (pem) response.writeHead(200, { 'content-type': 'application/x-pem-file', ...headers }).end(pem);
      else response.writeHead(404).end('no such key');
    };
  }

  /** Takes requests and never answers; resolves when one has come. */
  hang() {
    return new Promise((resolve) => {
      this.answer = (_request, response) => {
        this.held.add(response);
        resolve();
      };
    });
  }

  status(code, body = '', headers = {}) {
    this.answer = (_request, response) => response.writeHead(code, headers).end(body);
  }
}

export const sha256 = (text) => createHash('sha256').update(text).digest('hex');

const KINDS = {
  RS: () => ['rsa', { modulusLength: 2048 }],
  PS: () => ['rsa', { modulusLength: 2048 }],
  ES: (bits) => ['ec', { namedCurve: { 256: 'P-256', 384: 'P-384', 512: 'P-521' }[bits] }],
  Ed: () => ['ed25519', {}],
};

/** A key pair for `alg`: {alg, kid, privateKey, pem, jwk(extra)}. */
export function keyPair(alg, kid) {
  const { privateKey, publicKey } = generateKeyPairSync(...KINDS[alg.slice(0, 2)](alg.slice(2)));
  return {
    alg,
    kid,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    pem: publicKey.export({ type: 'spki', format: 'pem' }),
    jwk: (extra = { alg, use: 'sig' }) => ({ ...publicKey.export({ format: 'jwk' }), ...(kid ? { kid } : {}), ...extra }),
  };
}
