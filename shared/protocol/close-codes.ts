/**
 * Why the server closed a description's socket. y-websocket stops reconnecting on 4400 to 4499 and only then,
 * so every refusal that a retry cannot mend is in that range.
 */
export const CLOSE = {
  malformed: { code: 4400, words: 'This page sent something the server could not read. Reload it.' },
  signedOut: { code: 4401, words: 'Sign in again to go on editing. Your text is kept on this device.' },
  noAccess: { code: 4403, words: 'You do not have access to this description.' },
  readOnly: { code: 4405, words: 'You can read this description, but not change it.' },
  gone: { code: 4410, words: 'This ticket is in the trash or does not exist.' },
  tooLarge: { code: 4413, words: 'That change is over 1 MiB. Undo it and paste it in smaller parts.' },
  editorTooOld: { code: 4426, words: 'This description needs a newer Rejoin. Reload the page.' },
  tooFast: { code: 4429, words: 'Too many changes at once. Wait a minute, then reload the page.' },
} as const;

export type CloseReason = keyof typeof CLOSE;

export const closeReasonOf = (code: number): CloseReason | undefined =>
  (Object.keys(CLOSE) as CloseReason[]).find((reason) => CLOSE[reason].code === code);
