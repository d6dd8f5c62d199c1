// For tests: an offer as the focus writes it, shortened.

import { parseXml } from '../testing/parse_xml';
import { readOffer, type Offer } from './jingle';

const rtp = 'urn:xmpp:jingle:apps:rtp:1';
const transport = `<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='q7be1' pwd='3fm2k0v9xw51e8t6ayc4hzj0'>
  <fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' setup='actpass'>1A:F0</fingerprint>
  <candidate component='1' foundation='1' generation='0' id='c' network='0' priority='2130706431' protocol='udp' ip='198.51.100.24' port='10000' type='host'/>
  <web-socket xmlns='http://jitsi.org/protocol/colibri' url='wss://h/colibri-ws/0/c/n?pwd=p'/></transport>`;
const feedback = `<rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='nack' subtype='pli'/>`;
const extension = (id: number, uri: string) => `<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='${id}' uri='${uri}'/>`;

export const bridgeSources = `"jvb":[[{"s":11223344,"n":"jvb-v0","m":"mixedmslabel mixedlabelvideo0"}],[],[{"s":55667788,"n":"jvb-a0","m":"mixedmslabel mixedlabelaudio0"}]]`;
export const boSources = `"b07e44d2":[[{"s":10,"n":"b07e44d2-v0","m":"b07e44d2-video-0-1 t-1"},{"s":11,"n":"b07e44d2-v0","m":"b07e44d2-video-0-1 t-1"}],[["f",10,11]],[{"s":12,"n":"b07e44d2-a0","m":"b07e44d2-audio-0-1 u-1"}]]`;

export function compact(...owners: string[]): string {
  return `<json-message xmlns='http://jitsi.org/jitmeet'>{"sources":{${owners.join(',')}}}</json-message>`;
}

export function jingleOf(action: string, inner: string) {
  return parseXml(`<jingle xmlns='urn:xmpp:jingle:1' action='${action}' initiator='focus@auth/f1' sid='k0v3e71'>${inner}</jingle>`);
}

export function offer(sources = compact(bridgeSources, boSources)): Offer {
  const read = readOffer(jingleOf('session-initiate', `
    <content creator='initiator' name='audio' senders='both'><description xmlns='${rtp}' media='audio'>
      <payload-type id='111' name='opus' clockrate='48000' channels='2'><parameter name='minptime' value='10'/><parameter name='useinbandfec' value='1'/></payload-type>
      ${extension(1, 'urn:ietf:params:rtp-hdrext:ssrc-audio-level')}${extension(10, 'urn:ietf:params:rtp-hdrext:sdes:mid')}
      <extmap-allow-mixed xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0'/><rtcp-mux/></description>${transport}</content>
    <content creator='initiator' name='video' senders='both'><description xmlns='${rtp}' media='video'>
      <payload-type id='41' name='AV1' clockrate='90000'>${feedback}</payload-type>
      <payload-type id='100' name='VP8' clockrate='90000'>${feedback}</payload-type>
      <payload-type id='96' name='rtx' clockrate='90000'><parameter name='apt' value='100'/></payload-type>
      <rtcp-mux/></description>${transport}</content>
    <bridge-session xmlns='http://jitsi.org/protocol/focus' id='7d1e'/>${sources}`));
  if ('unreadable' in read) throw new Error(read.unreadable);
  return read;
}
