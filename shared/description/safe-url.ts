const SAFE_PROTOCOLS: readonly string[] = ['http', 'https', 'mailto'];

/** Whether a link may lead there: http, https, mailto, or an address without a protocol (within this site). */
export function isSafeUrl(url: string): boolean {
  const protocol = /^([a-z][a-z0-9+.-]*):/i.exec(withoutInvisible(url))?.[1];
  return protocol === undefined || SAFE_PROTOCOLS.includes(protocol.toLowerCase());
}

/** Browsers skip control characters and blanks in a protocol's name: `java\tscript:` runs. */
function withoutInvisible(url: string): string {
  return url.replace(/[\p{Cc}\p{Cf}\p{Z}]/gu, '');
}
