// A WebSocket server that says what a test tells it to: enough of RFC 7395 to test the client of xmpp.mjs itself, with no room and no focus.
import { once } from 'node:events';
import { parse } from 'ltx';
import { WebSocketServer } from 'ws';
import { NS } from './xmpp.mjs';

export async function scriptedPeer(context, answers = {}) {
  const listener = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'xmpp' });
  await once(listener, 'listening');
  context.after(() => {
    for (const socket of listener.clients) socket.terminate();
    listener.close();
  });
  const peer = { heard: [], sockets: [] };
  listener.on('connection', (socket) => {
    peer.sockets.push(socket);
    let authenticated = false;
    socket.on('message', (data) => {
      const raw = String(data);
      const element = parse(raw);
      peer.heard.push(raw);
      const answer = answers[element.name]?.(element, socket);
      if (answer !== undefined) return socket.send(answer);
      if (element.name === 'open') {
        socket.send(`<open xmlns="${NS.framing}" from="meet.example" id="s1" version="1.0"/>`);
        const inside = authenticated ? `<bind xmlns="${NS.bind}"/><sm xmlns="${NS.sm}"/>` : `<mechanisms xmlns="${NS.sasl}"><mechanism>ANONYMOUS</mechanism></mechanisms>`;
        socket.send(`<stream:features xmlns:stream="${NS.stream}" xmlns="jabber:client">${inside}</stream:features>`);
      } else if (element.name === 'auth') {
        authenticated = true;
        socket.send(`<success xmlns="${NS.sasl}"/>`);
      } else if (element.name === 'enable') {
        socket.send(`<enabled xmlns="${NS.sm}" resume="true" id="resume-1" max="60"/>`);
      } else if (element.getChild('bind')) {
        socket.send(`<iq type="result" id="${element.attrs.id}"><bind xmlns="${NS.bind}"><jid>0a1b2c3d-aaaa@meet.example/r1</jid></bind></iq>`);
      } else if (element.name === 'iq') {
        socket.send(`<iq type="result" id="${element.attrs.id}"/>`);
      }
    });
  });
  const { port } = listener.address();
  peer.server = { webSocketUrl: `ws://127.0.0.1:${port}/xmpp-websocket`, domain: 'meet.example', muc: 'conference.meet.example', focus: 'focus.meet.example' };
  return peer;
}
