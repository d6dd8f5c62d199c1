// Runs in a browser page before a build of lib-jitsi-meet, of whatever year: devices of one colour and one tone in place of the real ones,
// and `window.probe`, which joins, keeps everything that the library says, and shows what it receives.
(() => {
  const painters = [];
  const painted = (colour, width, height) => {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    let step = 0;
    const draw = () => {
      context.fillStyle = colour;
      context.fillRect(0, 0, width, height);
      context.fillStyle = 'white'; // at the edge, so that no two frames are the same
      context.fillRect((step++ * 7) % width, 0, 20, 10);
    };
    draw();
    painters.push(setInterval(draw, 66));
    return canvas.captureStream(15).getVideoTracks()[0];
  };

  let gain;
  let tone;
  const sounding = () => {
    if (!tone) {
      const context = new AudioContext();
      const oscillator = context.createOscillator();
      gain = context.createGain();
      gain.gain.value = 0;
      tone = context.createMediaStreamDestination();
      oscillator.connect(gain).connect(tone);
      oscillator.start();
    }
    return tone.stream.getAudioTracks()[0].clone();
  };

  const colour = new URLSearchParams(location.search).get('colour') ?? 'red';
  const screenColour = new URLSearchParams(location.search).get('screen') ?? 'blue';
  navigator.mediaDevices.getUserMedia = async ({ audio, video } = {}) =>
    new MediaStream([...(audio ? [sounding()] : []), ...(video ? [painted(colour, 640, 360)] : [])]);
  navigator.mediaDevices.getDisplayMedia = async () => new MediaStream([painted(screenColour, 640, 360)]);

  const events = [];
  const plain = (value, depth = 0) => {
    if (value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)) return value;
    if (typeof value.getParticipantId === 'function') {
      return { owner: value.getParticipantId(), type: value.getType(), video: value.getVideoType?.(), muted: value.isMuted(), source: value.getSourceName?.() };
    }
    if (typeof value.getDisplayName === 'function') return { id: value.getId(), name: value.getDisplayName(), role: value.getRole?.() };
    if (depth > 3) return '…';
    if (value instanceof Error) return { name: value.name, message: value.message };
    if (Array.isArray(value)) return value.map((each) => plain(each, depth + 1));
    if (value instanceof Map || value instanceof Set) return plain([...value], depth + 1);
    if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each, depth + 1)]));
  };
  const listen = (target, names, prefix) => {
    for (const [name, value] of Object.entries(names)) {
      const note = (...args) => events.push([`${prefix}${name}`, ...args.map((each) => plain(each))]);
      (target.on ?? target.addEventListener).call(target, value, note);
    }
  };

  const shown = new Map(); // remote track → element
  const show = (track) => {
    if (track.isLocal()) return;
    const element = document.createElement(track.getType());
    Object.assign(element, { autoplay: true, muted: track.getType() === 'video', playsInline: true });
    document.body.append(element);
    shown.set(track, element);
    track.attach(element);
  };
  const hide = (track) => {
    const element = shown.get(track);
    if (!element) return;
    shown.delete(track);
    track.detach(element);
    element.remove();
  };
  const elementsOf = (id, type, video) =>
    [...shown].filter(([track]) => track.getParticipantId() === id && track.getType() === type && (!video || (track.getVideoType?.() ?? 'camera') === video)).map(([, element]) => element);

  const probe = {
    events,
    seen: (name) => events.filter(([each]) => each === name),

    /** Connects and joins; settles when the conference says that it is joined, or why not. */
    async join({ room, token, name, hosts, serviceUrl, connect = {}, connection: more = {}, conference: options = {}, password, devices = ['audio', 'video'] }) {
      JitsiMeetJS.setLogLevel?.('error');
      JitsiMeetJS.init({ disableAudioLevels: false, disableThirdPartyRequests: true, ...more.init });
      probe.tracks = devices.length ? await JitsiMeetJS.createLocalTracks({ devices }) : [];
      probe.connection = new JitsiMeetJS.JitsiConnection(null, token ?? null, { hosts, serviceUrl, bosh: serviceUrl, clientNode: 'https://conclave.invalid', ...more });
      listen(probe.connection, JitsiMeetJS.events.connection, 'connection.');
      await new Promise((resolve, reject) => {
        const { CONNECTION_ESTABLISHED, CONNECTION_FAILED } = JitsiMeetJS.events.connection;
        probe.connection.addEventListener(CONNECTION_ESTABLISHED, resolve);
        probe.connection.addEventListener(CONNECTION_FAILED, (error, message) => reject(new Error(`${error} ${message ?? ''}`)));
        probe.connection.connect({ name: room, ...connect });
      });
      const conference = probe.connection.initJitsiConference(room, { p2p: { enabled: false }, statisticsId: 'probe', ...options });
      probe.conference = conference;
      listen(conference, JitsiMeetJS.events.conference, '');
      conference.on(JitsiMeetJS.events.conference.TRACK_ADDED, show);
      conference.on(JitsiMeetJS.events.conference.TRACK_REMOVED, hide);
      conference.setDisplayName(name);
      for (const track of probe.tracks) await conference.addTrack(track);
      return probe.enter(password);
    },

    /** The join alone, for those who were refused or admitted. */
    enter(password) {
      const { CONFERENCE_JOINED, CONFERENCE_FAILED } = JitsiMeetJS.events.conference;
      const { conference } = probe;
      return new Promise((resolve) => {
        const joined = () => done({ joined: conference.myUserId() });
        const failed = (error, ...rest) => done({ failed: error, rest: plain(rest) });
        const done = (outcome) => {
          conference.off(CONFERENCE_JOINED, joined);
          conference.off(CONFERENCE_FAILED, failed);
          resolve(outcome);
        };
        conference.on(CONFERENCE_JOINED, joined);
        conference.on(CONFERENCE_FAILED, failed);
        conference.join(password);
      });
    },

    /** Makes the microphone sound, or be silent. */
    speak(on) {
      gain.gain.value = on ? 0.6 : 0;
    },

    track: (type, video) => probe.conference.getLocalTracks().find((each) => each.getType() === type && (!video || each.getVideoType() === video)),

    /** Decoded frames of somebody's camera (or `desktop`). */
    frames: (id, video) => elementsOf(id, 'video', video).reduce((sum, element) => sum + element.getVideoPlaybackQuality().totalVideoFrames, 0),

    height: (id, video) => Math.max(0, ...elementsOf(id, 'video', video).map((element) => element.videoHeight)),

    /** The middle of somebody's picture: [r, g, b], or null. */
    pixel(id, video) {
      const element = elementsOf(id, 'video', video).at(-1);
      if (!element?.videoWidth) return null;
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 8;
      const context = canvas.getContext('2d');
      context.drawImage(element, element.videoWidth / 4, element.videoHeight / 3, element.videoWidth / 2, element.videoHeight / 2, 0, 0, 8, 8);
      return [...context.getImageData(4, 4, 1, 1).data].slice(0, 3);
    },

    /** What the browser counted, over all connections. */
    async media() {
      const all = [];
      for (const connection of window.testConnections ?? []) {
        if (connection.connectionState === 'closed') continue;
        const stats = [...(await connection.getStats()).values()];
        const codec = (id) => stats.find((each) => each.id === id)?.mimeType;
        for (const each of stats.filter(({ type }) => type === 'inbound-rtp' || type === 'outbound-rtp')) {
          all.push({
            connection: window.testConnections.indexOf(connection),
            out: each.type === 'outbound-rtp',
            kind: each.kind,
            ssrc: each.ssrc,
            packets: each.packetsReceived ?? each.packetsSent,
            bytes: each.bytesReceived ?? each.bytesSent,
            frames: each.framesDecoded ?? each.framesEncoded,
            height: each.frameHeight,
            energy: each.totalAudioEnergy,
            codec: codec(each.codecId),
          });
        }
      }
      return all;
    },

    async leave() {
      painters.forEach(clearInterval);
      await probe.conference?.leave();
      await probe.connection?.disconnect();
    },
  };
  window.probe = probe;
})();
