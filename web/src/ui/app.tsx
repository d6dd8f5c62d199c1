import { useEffect } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { LoginDialog } from './login_dialog';
import { MeetingScreen } from './meeting_screen';
import { Connecting, Ended, ErrorScreen, Password } from './message_screens';
import { Prejoin } from './prejoin';
import { useMeeting } from './use_meeting';
import { Knocking, Waiting } from './waiting_screens';
import { Welcome } from './welcome';

export function App({ meeting }: { meeting: Meeting }) {
  useMeeting(meeting);
  useEffect(() => {
    document.title = meeting.page.room === null ? 'Conclave' : `${meeting.subject || meeting.page.room} · Conclave`;
  }, [meeting.subject]);
  return (
    <>
      <Screen meeting={meeting} />
      {meeting.account.form !== 'closed' && <LoginDialog account={meeting.account} />}
    </>
  );
}

function Screen({ meeting }: { meeting: Meeting }) {
  switch (meeting.phase) {
    case 'welcome':
      return <Welcome />;
    case 'prejoin':
      return <Prejoin meeting={meeting} />;
    case 'connecting':
      return <Connecting meeting={meeting} />;
    case 'waiting':
      return <Waiting meeting={meeting} />;
    case 'knocking':
      return <Knocking meeting={meeting} />;
    case 'password':
      return <Password meeting={meeting} />;
    case 'joined':
      return <MeetingScreen meeting={meeting} />;
    case 'ended':
      return <Ended meeting={meeting} />;
    case 'error':
      return <ErrorScreen meeting={meeting} />;
  }
}
