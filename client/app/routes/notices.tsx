import { NoticeList } from '../../features/inbox/notice-list.tsx';

export function NoticesRoute() {
  return <NoticeList />;
}
