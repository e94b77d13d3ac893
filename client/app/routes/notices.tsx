import { NoticeList } from '../../features/notices/notice-list.tsx';

export function NoticesRoute() {
  return <NoticeList />;
}
