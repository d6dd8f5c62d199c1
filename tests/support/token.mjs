// Mints JSON Web Tokens by hand, the good ones and every broken one that access.md A1–A6 lists. No library: it must be able to lie.
import { constants, createHmac, sign as signBytes, generateKeyPairSync } from 'node:crypto';

export const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
export const now = () => Math.floor(Date.now() / 1000);


/** Signs `head.body` as `alg` says. */
export function signature(alg, input, key) {
  const hash = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`;
  if (alg.startsWith('HS')) return createHmac(hash, key).update(input).digest('base64url');
  const options = {
    ES: { dsaEncoding: 'ieee-p1363' },
    PS: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  }[alg.slice(0, 2)];
  return signBytes(hash, Buffer.from(input), { key, ...options }).toString('base64url');
}

/** A token of exactly this header and these claims; either may also be raw JSON text (duplicate keys, nonsense). */
export function sign(header, claims, key) {
  const alg = typeof header === 'string' ? JSON.parse(header).alg : header.alg;
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signature(alg, input, key)}`;
}

/** How an issuer says the role: `mod`, `part`, `visitor`, or `-` for a token that says nothing about it. */
export function userOf(role, extra = {}) {
  const user = { id: `id-${extra.name ?? role}`, name: extra.name ?? 'Ada', ...extra };
  if (role === 'mod') user.moderator = true;
  if (role === 'part') user.moderator = false;
  if (role === 'visitor') user.role = 'visitor';
  return user;
}

export class Issuer {
  constructor({ app = 'app', secret, domain = 'meet.example', audience = 'conclave', alg = 'HS256', privateKey, kid } = {}) {
    Object.assign(this, { app, secret, domain, audience, alg, privateKey, kid });
    this.minted = [];
  }

  claims(room, role, { lifetime = 3600, until, user, claims = {} } = {}) {
    return {
      iss: this.app,
      aud: this.audience,
      sub: this.domain,
      room,
      iat: now(),
      exp: until ?? now() + lifetime,
      context: { user: userOf(role, user) },
      ...claims,
    };
  }

  header(extra = {}) {
    return { alg: this.alg, typ: 'JWT', ...(this.kid ? { kid: this.kid } : {}), ...extra };
  }

  get key() {
    return this.alg.startsWith('HS') ? this.secret : this.privateKey;
  }

  /** T(room, role, until) of access.md 4.10. */
  token(room, role = 'mod', options = {}) {
    return this.keep(sign(this.header(options.header), this.claims(room, role, options), this.key));
  }

  /** A token with claims removed (undefined) or replaced. */
  tokenWith(room, changes, options = {}) {
    return this.token(room, 'mod', { ...options, claims: changes });
  }

  keep(token) {
    this.minted.push(token);
    return token;
  }
}

export function rsaKeys(modulusLength = 2048) {
  return generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
