/**
 * Raise this with every change that lets a document hold what an older client does not know (D7):
 * a new node, mark or attribute. Clients older than a document open it read-only.
 *
 * 1: text, lists, tasks, tables, code, images. 2: mentions of people and tickets.
 *
 * Apart from schema.ts, so that what only needs the number does not load the editor's packages.
 */
export const SCHEMA_VERSION = 2;
