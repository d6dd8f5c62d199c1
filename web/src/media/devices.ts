// The person's own microphone, camera and screen. Muting the microphone silences its track; muting the camera lets go of
// the device, so that its light goes out.

export type Device = 'microphone' | 'camera' | 'screen';

export interface DeviceChoice {
  id: string;
  label: string;
}

const kCameraWidth = 640;
const kCameraHeight = 360;

export class LocalMedia {
  microphone: MediaStreamTrack | null = null;
  camera: MediaStreamTrack | null = null;
  screen: MediaStreamTrack | null = null;
  microphoneMuted = false;
  cameraMuted = false;
  microphoneId = '';
  cameraId = '';
  microphones: DeviceChoice[] = [];
  cameras: DeviceChoice[] = [];
  // What the person should know about a device that did not work, empty if all is well.
  problem = '';
  private starting: Promise<void> | null = null;

  constructor(private readonly onChange: (device: Device) => void) {
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.list());
  }

  // Both at once, so that the browser asks once; then each alone, so that one that fails does not cost the other.
  start(): Promise<void> {
    this.starting ??= this.ask().finally(() => (this.starting = null));
    return this.starting;
  }

  private async ask(): Promise<void> {
    this.problem = '';
    if (navigator.mediaDevices === undefined) {
      this.fail('This page was not loaded over HTTPS, so the browser gives it neither microphone nor camera. You can still join to watch and listen.');
      return;
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: this.audioWish(), video: this.videoWish() });
      this.takeMicrophone(stream.getAudioTracks()[0] ?? null);
      this.takeCamera(stream.getVideoTracks()[0] ?? null);
    } catch {
      await this.setMicrophoneMuted(this.microphoneMuted);
      await this.setCameraMuted(this.cameraMuted);
    }
    await this.list();
  }

  async setMicrophoneMuted(muted: boolean): Promise<void> {
    this.microphoneMuted = muted;
    if (!muted && (this.microphone === null || this.microphone.readyState === 'ended')) {
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ audio: this.audioWish() });
        this.takeMicrophone(stream.getAudioTracks()[0] ?? null);
      } catch (error) {
        this.explain(error, 'microphone');
        this.microphoneMuted = true;
      }
    }
    if (this.microphone !== null) this.microphone.enabled = !this.microphoneMuted;
    this.onChange('microphone');
  }

  async setCameraMuted(muted: boolean): Promise<void> {
    this.cameraMuted = muted; // first, as the person may change their mind while the browser asks
    if (muted) {
      this.camera?.stop();
      this.camera = null;
    } else if (this.camera === null) {
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ video: this.videoWish() });
        this.takeCamera(stream.getVideoTracks()[0] ?? null);
      } catch (error) {
        this.explain(error, 'camera');
        this.cameraMuted = true;
      }
    }
    this.onChange('camera');
  }

  async choose(device: 'microphone' | 'camera', id: string): Promise<void> {
    if (device === 'microphone') {
      this.microphoneId = id;
      this.microphone?.stop();
      this.microphone = null;
      await this.setMicrophoneMuted(this.microphoneMuted);
    } else {
      this.cameraId = id;
      this.camera?.stop();
      this.camera = null;
      await this.setCameraMuted(this.cameraMuted);
    }
  }

  // False if the person decided otherwise in the browser's dialogue.
  async startScreen(): Promise<boolean> {
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: false });
      const track = stream.getVideoTracks()[0] ?? null;
      if (track !== null) {
        track.contentHint = 'detail';
        track.addEventListener('ended', () => {
          if (this.screen === track) this.stopScreen();
        });
      }
      this.screen = track;
    } catch (error) {
      if ((error as DOMException).name !== 'NotAllowedError') this.problem = 'The screen could not be shared. Your browser does not offer it here.';
    }
    this.onChange('screen');
    return this.screen !== null;
  }

  stopScreen(): void {
    this.screen?.stop();
    this.screen = null;
    this.onChange('screen');
  }

  stop(): void {
    for (const track of [this.microphone, this.camera, this.screen]) track?.stop();
    this.microphone = this.camera = this.screen = null;
  }

  private takeMicrophone(track: MediaStreamTrack | null): void {
    this.microphone = track;
    if (track === null) return;
    track.enabled = !this.microphoneMuted;
    track.addEventListener('ended', () => {
      if (this.microphone !== track) return;
      this.microphone = null;
      this.problem = 'Your microphone was unplugged or taken away. Choose another one.';
      this.microphoneMuted = true;
      this.onChange('microphone');
    });
    this.onChange('microphone');
  }

  private takeCamera(track: MediaStreamTrack | null): void {
    if (track !== null && this.cameraMuted) {
      track.stop();
      track = null;
    }
    this.camera = track;
    track?.addEventListener('ended', () => {
      if (this.camera !== track) return;
      this.camera = null;
      this.problem = 'Your camera was unplugged or taken away. Choose another one.';
      this.cameraMuted = true;
      this.onChange('camera');
    });
    this.onChange('camera');
  }

  private async list(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const choices = (kind: MediaDeviceKind, word: string): DeviceChoice[] => devices
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map((device, index) => ({ id: device.deviceId, label: device.label || `${word} ${index + 1}` }));
    this.microphones = choices('audioinput', 'Microphone');
    this.cameras = choices('videoinput', 'Camera');
    this.onChange('microphone');
  }

  private audioWish(): MediaTrackConstraints {
    return {
      echoCancellation: true, noiseSuppression: true, autoGainControl: true,
      ...(this.microphoneId !== '' && { deviceId: { exact: this.microphoneId } }),
    };
  }

  private videoWish(): MediaTrackConstraints {
    return {
      width: { ideal: kCameraWidth }, height: { ideal: kCameraHeight }, frameRate: { ideal: 24, max: 30 },
      ...(this.cameraId !== '' && { deviceId: { exact: this.cameraId } }),
    };
  }

  private explain(error: unknown, device: 'microphone' | 'camera'): void {
    switch ((error as DOMException | undefined)?.name) {
      case 'NotAllowedError':
        this.problem = `The browser does not let this page use the ${device}. Allow it beside the address bar, then switch it on here.`;
        break;
      case 'NotFoundError':
      case 'OverconstrainedError':
        this.problem = `No ${device} was found. Plug one in, then switch it on here.`;
        break;
      case 'NotReadableError':
        this.problem = `Another program is using the ${device}. Close it there, then switch it on here.`;
        break;
      default:
        this.problem = `The ${device} could not be started.`;
    }
  }

  private fail(problem: string): void {
    this.problem = problem;
    this.microphoneMuted = this.cameraMuted = true;
    this.onChange('microphone');
    this.onChange('camera');
  }
}
