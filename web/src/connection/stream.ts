// One XMPP stream over WebSocket (RFC 7395) with resumption (XEP-0198), composed from xmpp.js' parts: SASL ANONYMOUS, or an account's
// SCRAM or PLAIN when credentials are given.
// Losing the socket is not the end of the stream: it is opened again until it resumes (`onResumed`), until the server
// gives us a new address (`onReplaced`: join again), or until the server refuses (`onRefused`).

import { Client } from '@xmpp/client-core';
import iqCalleeOf, { type IqAnswer, type IqContext } from '@xmpp/iq/callee.js';
import iqCallerOf from '@xmpp/iq/caller.js';
import middlewareOf from '@xmpp/middleware';
import reconnectOf from '@xmpp/reconnect';
import resourceBinding from '@xmpp/resource-binding';
import sasl from '@xmpp/sasl';
import anonymous from '@xmpp/sasl-anonymous';
import plain from '@xmpp/sasl-plain';
import scramSha1 from '@xmpp/sasl-scram-sha-1';
import streamFeaturesOf from '@xmpp/stream-features';
import streamManagementOf from '@xmpp/stream-management';
import websocket from '@xmpp/websocket';
import xml, { type Element } from '@xmpp/xml';
import SaslFactory from 'saslmechanisms';
import { chooseMechanism, type Credentials } from './credentials';
import { ns } from './namespaces';

const kOpenTimeoutMs = 10_000;
const kAckIntervalMs = 10_000;
// A socket that says nothing for this long, although it was asked, is taken for dead.
const kSilenceMs = 25_000;

export interface StreamEvents {
  onSocketOpen(): void;
  onStanza(stanza: Element): void;
  onInterrupted(): void;
  onResumed(): void;
  onReplaced(): void;
  onRefused(error: unknown): void;
}

export interface StanzaError {
  condition: string;
  text: string;
  element: Element | null;
}

export class Stream {
  takesPasswords = false; // what the server offered: an account could log in
  private readonly client: Client;
  private readonly iqCaller;
  private readonly iqCallee;
  private readonly management;
  private readonly reconnect;
  private readonly outbox: Element[] = [];
  private watch = 0;
  private heardAt = 0;
  private established = false;
  private closing = false;

  // `address` is called anew for each attempt: a resumption names the stream it wants back.
  constructor(
    domain: string,
    private readonly address: (previd?: string) => string,
    events: StreamEvents,
    credentials: Credentials | null = null,
  ) {
    const entity = new Client({ service: address(), domain, timeout: kOpenTimeoutMs });
    this.client = entity;
    this.reconnect = reconnectOf({ entity });
    this.reconnect.stop(); // a first attempt that fails is for the person to repeat
    websocket({ entity });
    const middleware = middlewareOf({ entity });
    const streamFeatures = streamFeaturesOf({ middleware });
    this.iqCaller = iqCallerOf({ middleware, entity });
    this.iqCallee = iqCalleeOf({ middleware, entity });
    const saslFactory = new SaslFactory();
    for (const mechanism of [scramSha1, plain, anonymous]) mechanism(saslFactory);
    sasl({ streamFeatures, saslFactory }, (authenticate, mechanisms) => {
      this.takesPasswords = mechanisms.some((name) => name !== 'ANONYMOUS');
      if (credentials === null) {
        if (!mechanisms.includes('ANONYMOUS')) throw new Error('The server asks for a password before it says anything. Log in first.');
        return authenticate({}, 'ANONYMOUS');
      }
      const choice = chooseMechanism(mechanisms, credentials, globalThis.crypto?.subtle !== undefined);
      if (choice === null) throw new Error('This server has no accounts with a password, or takes none on this connection.');
      return authenticate({ username: choice.username, password: choice.password }, choice.mechanism);
    });
    this.management = streamManagementOf({ streamFeatures, entity, middleware });
    this.management.requestAckInterval = kAckIntervalMs;
    this.management.timeout = 0; // its own answer to silence closes the stream, after which nothing can be resumed
    resourceBinding({ iqCaller: this.iqCaller, streamFeatures });
    this.iqCallee.get(ns.ping, 'ping', () => true);

    entity.on('connect', () => events.onSocketOpen());
    entity.on('element', () => (this.heardAt = performance.now()));
    entity.on('stanza', (stanza: Element) => {
      if (stanza.name !== 'iq') events.onStanza(stanza);
    });
    entity.on('online', () => {
      this.outbox.length = 0; // it was meant for a room that we are no longer in
      if (this.established) events.onReplaced();
    });
    this.management.on('resumed', () => {
      for (const stanza of this.outbox.splice(0)) this.client.send(stanza).catch(() => {});
      events.onResumed();
    });
    entity.on('disconnect', () => {
      if (!this.established || this.closing) return;
      entity.options.service = this.address(this.management.id || undefined);
      events.onInterrupted();
    });
    entity.on('error', (error: unknown) => {
      if (!this.established || this.closing || !isRefusal(error)) return;
      this.giveUp();
      events.onRefused(error);
    });
  }

  // Resolves with our full JID; rejects with what the server or the browser said.
  async open(): Promise<void> {
    const dropped = new Promise<never>((_, reject) => {
      this.client.on('disconnect', () => reject(new Error('The server closed the connection.')));
    });
    await Promise.race([this.client.start(), dropped]);
    this.established = true;
    this.reconnect.start();
    this.heardAt = performance.now();
    this.watch = window.setInterval(() => this.listenForSilence(), 5_000);
    window.addEventListener('offline', this.onOffline);
  }

  jid(): string {
    return this.client.jid?.toString() ?? '';
  }

  localPart(): string {
    return this.client.jid?.local ?? '';
  }

  send(stanza: Element): void {
    // The library keeps only what it has written to a socket; what is said while there is none waits here.
    if (this.client.status !== 'online') this.outbox.push(stanza);
    else this.client.send(stanza).catch(() => this.outbox.push(stanza));
  }

  // Rejects with a StanzaError-like object that has `condition` and `text`.
  request(to: string, type: 'get' | 'set', payload: Element, timeoutMs = 15_000): Promise<Element> {
    return this.iqCaller.request(xml('iq', { type, to }, payload), timeoutMs);
  }

  answer(type: 'get' | 'set', xmlns: string, name: string, handler: (context: IqContext) => IqAnswer): void {
    this.iqCallee[type](xmlns, name, handler);
  }

  async close(): Promise<void> {
    this.giveUp();
    if (this.client.status === 'offline' || this.client.socket === null) return;
    await this.client.stop().catch(() => {});
  }

  private giveUp(): void {
    this.closing = true;
    this.reconnect.stop();
    window.clearInterval(this.watch);
    window.removeEventListener('offline', this.onOffline);
  }

  private readonly onOffline = (): void => this.client.socket?.end();

  private listenForSilence(): void {
    if (this.client.status === 'online' && performance.now() - this.heardAt > kSilenceMs) this.client.socket?.end();
  }
}

// A server that refuses says so in XMPP; anything else is the network, and is tried again.
function isRefusal(error: unknown): boolean {
  const name = (error as { name?: string } | null)?.name;
  return name === 'SASLError' || name === 'StreamError';
}

export function stanzaError(error: unknown): StanzaError {
  const found = error as { condition?: string; text?: string; element?: Element; message?: string };
  return { condition: found.condition ?? '', text: found.text ?? '', element: found.element ?? null };
}
