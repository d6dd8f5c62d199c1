// People of a Conclave meeting who are clients of the load generator: XMPP over WebSocket and Jingle here, packets there.
import { WebSocket } from 'ws';
import { LightClient } from './light_client.mjs';

const RTP = 'urn:xmpp:jingle:apps:rtp:1';
const FEATURES = ['urn:xmpp:jingle:1', RTP, 'urn:xmpp:jingle:apps:rtp:audio', 'urn:xmpp:jingle:apps:rtp:video', 'urn:ietf:rfc:4588', 'http://jitsi.org/json-encoded-sources'];

const tag = (text, name, fits = '') => new RegExp(`<${name}(?=[\\s/>])[^>]*${fits}[^>]*>`).exec(text)?.[0];
const attribute = (element, name) => new RegExp(`\\s${name}=["']([^"']*)["']`).exec(element)?.[1].replaceAll('&amp;', '&');

function remoteOf(offer) {
  const transport = tag(offer, 'transport');
  const candidate = tag(offer, 'candidate', 'protocol=["\']udp["\']') ?? tag(offer, 'candidate');
  return {
    ufrag: attribute(transport, 'ufrag'),
    pwd: attribute(transport, 'pwd'),
    fingerprint: /<fingerprint[^>]*>([^<]+)</.exec(offer)[1].trim(),
    ip: attribute(candidate, 'ip'),
    port: Number(attribute(candidate, 'port')),
  };
}

function description(kind, payloadTypes, stream, nick) {
  const level = stream?.audioLevelId && kind === 'audio' ? `<rtp-hdrext xmlns="urn:xmpp:jingle:apps:rtp:rtp-hdrext:0" id="${stream.audioLevelId}" uri="urn:ietf:params:rtp-hdrext:ssrc-audio-level"/>` : '';
  const source =
    stream?.kind === kind
      ? `<source xmlns="urn:xmpp:jingle:apps:rtp:ssma:0" ssrc="${stream.ssrc}" name="${nick}-${kind[0]}0"><parameter name="msid" value="${nick}-${kind} track"/></source>`
      : '';
  return `<description xmlns="${RTP}" media="${kind}">${payloadTypes}${level}${source}</description>`;
}

function accept(offer, client, stream, nick) {
  const transport =
    `<transport xmlns="urn:xmpp:jingle:transports:ice-udp:1" ufrag="${client.ufrag}" pwd="${client.pwd}">` +
    `<fingerprint xmlns="urn:xmpp:jingle:apps:dtls:0" hash="sha-256" setup="active">${client.fingerprint}</fingerprint></transport>`;
  const audio = description('audio', '<payload-type id="111" name="opus" clockrate="48000" channels="2"/>', stream, nick);
  const video = description(
    'video',
    '<payload-type id="100" name="VP8" clockrate="90000"/><payload-type id="96" name="rtx" clockrate="90000"><parameter name="apt" value="100"/></payload-type>',
    stream,
    nick,
  );
  const sid = attribute(tag(offer, 'jingle'), 'sid');
  return (
    `<jingle xmlns="urn:xmpp:jingle:1" action="session-accept" sid="${sid}"><content name="audio" creator="initiator" senders="both">${audio}${transport}</content>` +
    `<content name="video" creator="initiator" senders="both">${video}${transport}</content></jingle>`
  );
}

/** Tells the bridge channel what he wants to see. Stays open. */
async function want(server, offer, lastN) {
  const url = new URL(attribute(tag(offer, 'web-socket'), 'url'));
  const socket = new WebSocket(`ws://${server.host}:${server.http}${url.pathname}${url.search}`, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('message', () => {});
  socket.send(JSON.stringify({ colibriClass: 'ReceiverVideoConstraints', lastN, defaultConstraints: { maxHeight: 720 } }));
  return socket;
}

/** One person with media, connected: `stream` is what he sends (generator.mjs) if he does, `lastN` how many he sees. close() when done. */
export async function enterWithMedia(server, generator, room, { stream, lastN, payloadType }) {
  const client = await LightClient.open(`${server.webSocketUrl}?room=${room}`, server.domain);
  client.features = FEATURES;
  const jid = `${room}@${server.muc}`;
  const answer = await client.iq('set', server.focus, `<conference xmlns="http://jitsi.org/protocol/focus" room="${jid}"/>`);
  if (!answer.includes('ready="true"')) throw new Error(answer);
  const offered = client.expect((frame) => frame.includes('session-initiate'));
  client.join(jid);
  const offer = await offered;
  const media = await generator.add(client.nick, 'controlled');
  generator.remote(media.id, remoteOf(offer), payloadType);
  if (stream) generator.stream(media.id, stream);
  const accepted = await client.iq('set', `${jid}/focus`, accept(offer, media, stream, client.nick));
  if (!accepted.includes('type="result"')) throw new Error(accepted);
  await media.connected();
  const channel = lastN === undefined ? undefined : await want(server, offer, lastN);
  return {
    close() {
      channel?.terminate();
      client.close();
    },
  };
}
