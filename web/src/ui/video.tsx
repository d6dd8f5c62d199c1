import { useEffect, useRef } from 'preact/hooks';

// A stream's picture. Always muted: sound has elements of its own, which do not come and go with the layout.
export function Video({ stream, mirrored, onFrame, testId }: { stream: MediaStream; mirrored?: boolean; onFrame?: (() => void) | undefined; testId?: string }) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null || video.srcObject === stream) return;
    video.srcObject = stream;
    void video.play().catch(() => {});
  }, [stream]);
  return (
    <video ref={element} class={mirrored === true ? 'mirrored' : ''} data-testid={testId} autoplay playsinline muted
      onLoadedData={() => onFrame?.()} aria-hidden="true" tabIndex={-1} />
  );
}

export function Sound({ stream, onBlocked }: { stream: MediaStream; onBlocked: () => void }) {
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const audio = element.current;
    if (audio === null || audio.srcObject === stream) return;
    audio.srcObject = stream;
    audio.play().catch((error: DOMException) => {
      if (error.name === 'NotAllowedError') onBlocked();
    });
  }, [stream]);
  return <audio ref={element} autoplay class="sound" />;
}

const streams = new WeakMap<MediaStreamTrack, MediaStream>();

// One stream object per track, so that a redraw does not restart the picture.
export function streamOf(track: MediaStreamTrack): MediaStream {
  let stream = streams.get(track);
  if (stream === undefined) streams.set(track, (stream = new MediaStream([track])));
  return stream;
}
