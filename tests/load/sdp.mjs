// As much SDP (RFC 8866, RFC 8829) as Janus' videoroom and the load generator need to understand one another.

const attribute = (text, name) => new RegExp(`^a=${name}:(.*)$`, 'm').exec(text)?.[1].trim();

/** Where the other side is: {ufrag, pwd, fingerprint, ip, port}. Everything is bundled, so the first of each counts. */
export function remoteOf(sdp) {
  const candidate = /^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/im.exec(sdp);
  return {
    ufrag: attribute(sdp, 'ice-ufrag'),
    pwd: attribute(sdp, 'ice-pwd'),
    fingerprint: attribute(sdp, 'fingerprint').split(' ')[1],
    ip: candidate[1],
    port: Number(candidate[2]),
  };
}

const head = (mids) => ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${mids.join(' ')}`];

const transport = (client, address) => [
  `c=IN IP4 ${address}`,
  `a=candidate:1 1 udp 2130706431 ${address} ${client.port} typ host`,
  'a=end-of-candidates',
  `a=ice-ufrag:${client.ufrag}`,
  `a=ice-pwd:${client.pwd}`,
  `a=fingerprint:sha-256 ${client.fingerprint}`,
  'a=setup:active',
  'a=rtcp-mux',
];

const text = (lines) => lines.map((line) => `${line}\r\n`).join('');

/** The offer of somebody who sends one stream. */
export function offer(client, address, { kind, ssrc, payloadType, audioLevelId }) {
  const codec = kind === 'video' ? 'VP8/90000' : 'opus/48000/2';
  return text([
    ...head(['0']),
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    ...transport(client, address),
    'a=mid:0',
    'a=sendonly',
    `a=rtpmap:${payloadType} ${codec}`,
    ...(kind === 'video' ? [`a=rtcp-fb:${payloadType} nack`, `a=rtcp-fb:${payloadType} nack pli`] : []),
    ...(audioLevelId ? [`a=extmap:${audioLevelId} urn:ietf:params:rtp-hdrext:ssrc-audio-level`] : []),
    `a=ssrc:${ssrc} cname:load`,
    'a=msid:load load',
  ]);
}

/** The answer of somebody who takes all that is offered, without header extensions. {sdp, payloadType}: the first one that is media. */
export function answer(client, address, offered) {
  const sections = offered.split(/^(?=m=)/m).slice(1);
  const lines = [];
  const mids = [];
  for (const section of sections) {
    const kept = section.split(/\r?\n/).filter((line) => /^a=(mid|rtpmap|fmtp|rtcp-fb):/.test(line) && !line.includes('transport-cc'));
    mids.push(attribute(section, 'mid'));
    lines.push(/^m=.*/.exec(section)[0].trim(), ...transport(client, address), 'a=recvonly', ...kept);
  }
  return { sdp: text([...head(mids), ...lines]), payloadType: Number(/^m=\w+ \d+ \S+ (\d+)/m.exec(offered)[1]) };
}
