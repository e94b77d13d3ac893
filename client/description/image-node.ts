import { Image } from '@tiptap/extension-image';
import type { Node } from '@tiptap/pm/model';
import type { NodeView } from '@tiptap/pm/view';
import { isSafeUrl } from '../../shared/description/safe-url.ts';
import { imageIdOf } from '../../shared/protocol/images.ts';
import type { Images, WaitingImage } from './images.ts';

/** The schema's image, drawn from this device while the server does not have it, with words when it is missing. */
export const imageNode = (images: Images) =>
  Image.extend({
    addNodeView:
      () =>
      ({ node }) =>
        createImageView(node, images),
  });

const RETRY_MS = 15_000;

function createImageView(first: Node, images: Images): NodeView {
  const dom = document.createElement('span');
  dom.className = 'description-image';
  const image = document.createElement('img');
  const note = document.createElement('span');
  note.className = 'description-image-note';
  note.setAttribute('role', 'status');
  dom.append(image, note);
  let node = first;
  let failed = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  const gone = new AbortController();

  const tell = () => {
    const id = imageIdOf(String(node.attrs.src ?? ''));
    const waiting = images.waiting.get().find((one) => one.id === id);
    note.replaceChildren(...noteOf(waiting, failed, id !== undefined, images));
    dom.toggleAttribute('data-missing', failed);
  };
  const load = async () => {
    clearTimeout(again);
    const source = String(node.attrs.src ?? '');
    const id = imageIdOf(source);
    const local = id === undefined ? null : await images.localAddress(id);
    if (gone.signal.aborted) return;
    if (local !== null) image.src = local;
    else if (isSafeUrl(source)) image.src = source;
    else failed = true;
    tell();
  };
  const settle = (lost: boolean) => {
    failed = lost;
    if (lost) again = setTimeout(() => void load(), RETRY_MS);
    tell();
  };
  const draw = () => {
    for (const name of ['alt', 'title', 'width', 'height']) {
      const value: unknown = node.attrs[name];
      if (value === null || value === undefined) image.removeAttribute(name);
      else image.setAttribute(name, String(value));
    }
    image.alt ||= '';
  };

  image.addEventListener('load', () => settle(false));
  image.addEventListener('error', () => settle(true));
  gone.signal.addEventListener('abort', images.waiting.subscribe(tell));
  gone.signal.addEventListener(
    'abort',
    images.online.subscribe(() => (failed ? void load() : tell())),
  );
  draw();
  void load();
  return {
    dom,
    update(next) {
      if (next.type !== node.type) return false;
      const isOther = next.attrs.src !== node.attrs.src;
      node = next;
      draw();
      if (isOther) void load();
      return true;
    },
    // What is drawn here is not the document.
    ignoreMutation: () => true,
    stopEvent: (event) => event.target instanceof HTMLButtonElement,
    destroy() {
      clearTimeout(again);
      gone.abort();
    },
  };
}

/** What is said under the image: nothing in the usual case. */
function noteOf(
  waiting: WaitingImage | undefined,
  failed: boolean,
  isOurs: boolean,
  images: Images,
): (string | HTMLElement)[] {
  const online = images.online.get();
  if (waiting?.refusal) return [`Not sent: ${waiting.refusal} `, againButton(() => images.retry(waiting.id))];
  if (waiting && !waiting.kept)
    return ['Only on this page until it is sent: this browser has no room for it.'];
  if (waiting && online && waiting.delay !== null)
    return [`Not sent yet: ${waiting.delay} It is kept on this device and sent again.`];
  if (waiting) return [online ? 'Sending…' : 'Kept on this device. It is sent when you are online.'];
  if (!failed) return [];
  if (!online) return ['This image is not on this device. It shows when you are online.'];
  return [
    isOurs
      ? 'This image has not arrived yet. It is sent when its author is online.'
      : 'This image could not be loaded from where it is linked.',
  ];
}

function againButton(onClick: () => void): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Try again';
  button.addEventListener('click', onClick);
  return button;
}
