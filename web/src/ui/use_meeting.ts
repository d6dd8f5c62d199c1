import { useEffect, useReducer } from 'preact/hooks';
import type { Meeting } from '../meeting';

// Draws the calling component again, at most once per turn, whenever the meeting has changed.
export function useMeeting(meeting: Meeting): void {
  const [, redraw] = useReducer((count: number, _: void) => count + 1, 0);
  useEffect(() => {
    let pending = false;
    return meeting.subscribe(() => {
      if (pending) return;
      pending = true;
      queueMicrotask(() => {
        pending = false;
        redraw();
      });
    });
  }, [meeting]);
}
