import type { Session } from './session.ts';
import { ShownDocument } from './shown-document.tsx';
import { useDocumentNow } from './use-document-now.ts';

/** An open description to look at, with its form, where no editor may have it. */
export default function ShownSession({ session }: { session: Session }) {
  const document = useDocumentNow(session);
  return document && <ShownDocument document={document} label="Description" />;
}
