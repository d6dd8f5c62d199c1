// The video codecs that this browser can decode, best known first.

export function receivableCodecs(): string[] {
  const names = (RTCRtpReceiver.getCapabilities('video')?.codecs ?? []).map(({ mimeType }) => mimeType.slice('video/'.length).toLowerCase());
  return ['vp8', 'vp9', 'h264', 'av1'].filter((name) => names.includes(name));
}
