// Types for the parts of xmpp.js 0.14 that we compose; the packages carry none.

declare module '@xmpp/xml' {
  export class Element {
    constructor(name: string, attrs?: Record<string, string | undefined>);
    name: string;
    attrs: Record<string, string>;
    parent: Element | null;
    children: (Element | string)[];
    is(name: string, xmlns?: string): boolean;
    getNS(): string | undefined;
    getChild(name: string, xmlns?: string): Element | undefined;
    getChildren(name: string, xmlns?: string): Element[];
    getChildElements(): Element[];
    getChildText(name: string, xmlns?: string): string | null;
    text(): string;
    append(...nodes: (Element | string)[]): void;
    toString(): string;
  }
  type Child = Element | string | number | false | null | undefined;
  export default function xml(name: string, attrs?: Record<string, string | undefined> | null, ...children: (Child | Child[])[]): Element;
  export class Parser {
    on(event: string, listener: (element: Element) => void): void;
    write(text: string): void;
  }
}

declare module '@xmpp/client-core' {
  import type { Element } from '@xmpp/xml';
  export interface Jid {
    local: string;
    domain: string;
    resource: string;
    bare(): Jid;
    toString(): string;
  }
  export class Client {
    constructor(options: { service: string; domain: string; timeout?: number });
    options: { service: string; domain: string };
    jid: Jid | null;
    status: string;
    socket: { end(): void } | null;
    on(event: string, listener: (...args: never[]) => void): void;
    removeListener(event: string, listener: (...args: never[]) => void): void;
    start(): Promise<Jid>;
    stop(): Promise<unknown>;
    send(element: Element): Promise<void>;
  }
}

declare module '@xmpp/websocket' {
  import type { Client } from '@xmpp/client-core';
  export default function websocket(parts: { entity: Client }): void;
}

declare module '@xmpp/middleware' {
  import type { Client } from '@xmpp/client-core';
  export interface Middleware {
    readonly use: unknown;
  }
  export default function middleware(parts: { entity: Client }): Middleware;
}

declare module '@xmpp/stream-features' {
  import type { Middleware } from '@xmpp/middleware';
  export interface StreamFeatures {
    readonly use: unknown;
  }
  export default function streamFeatures(parts: { middleware: Middleware }): StreamFeatures;
}

declare module '@xmpp/iq/caller.js' {
  import type { Client } from '@xmpp/client-core';
  import type { Middleware } from '@xmpp/middleware';
  import type { Element } from '@xmpp/xml';
  export interface IqCaller {
    request(stanza: Element, timeoutMs?: number): Promise<Element>;
  }
  export default function iqCaller(parts: { middleware: Middleware; entity: Client }): IqCaller;
}

declare module '@xmpp/iq/callee.js' {
  import type { Client } from '@xmpp/client-core';
  import type { Middleware } from '@xmpp/middleware';
  import type { Element } from '@xmpp/xml';
  export interface IqContext {
    stanza: Element;
    element: Element;
  }
  // An element is the reply's payload or its error; true is an empty result; nothing is service-unavailable.
  export type IqAnswer = Element | true | undefined;
  export interface IqCallee {
    get(xmlns: string, name: string, handler: (context: IqContext) => IqAnswer): void;
    set(xmlns: string, name: string, handler: (context: IqContext) => IqAnswer): void;
  }
  export default function iqCallee(parts: { middleware: Middleware; entity: Client }): IqCallee;
}

declare module 'saslmechanisms' {
  export default class Factory {}
}

declare module '@xmpp/sasl' {
  import type Factory from 'saslmechanisms';
  import type { StreamFeatures } from '@xmpp/stream-features';
  type Authenticate = (credentials: object, mechanism: string) => Promise<void>;
  export default function sasl(
    parts: { streamFeatures: StreamFeatures; saslFactory: Factory },
    onAuthenticate: (authenticate: Authenticate, mechanisms: string[]) => Promise<void>,
  ): void;
}

declare module '@xmpp/sasl-anonymous' {
  import type Factory from 'saslmechanisms';
  export default function anonymous(factory: Factory): void;
}

declare module '@xmpp/resource-binding' {
  import type { IqCaller } from '@xmpp/iq/caller.js';
  import type { StreamFeatures } from '@xmpp/stream-features';
  export default function resourceBinding(parts: { iqCaller: IqCaller; streamFeatures: StreamFeatures }): void;
}

declare module '@xmpp/stream-management' {
  import type { Client } from '@xmpp/client-core';
  import type { Middleware } from '@xmpp/middleware';
  import type { StreamFeatures } from '@xmpp/stream-features';
  export interface StreamManagement {
    id: string;
    enabled: boolean;
    timeout: number;
    requestAckInterval: number;
    on(event: 'resumed', listener: () => void): void;
  }
  export default function streamManagement(parts: {
    streamFeatures: StreamFeatures;
    entity: Client;
    middleware: Middleware;
  }): StreamManagement;
}

declare module '@xmpp/reconnect' {
  import type { Client } from '@xmpp/client-core';
  export interface Reconnect {
    delay: number;
    start(): void;
    stop(): void;
  }
  export default function reconnect(parts: { entity: Client }): Reconnect;
}

declare module '@xmpp/sasl-plain' {
  import type Factory from 'saslmechanisms';
  export default function plain(factory: Factory): void;
}

declare module '@xmpp/sasl-scram-sha-1' {
  import type Factory from 'saslmechanisms';
  export default function scramSha1(factory: Factory): void;
}
