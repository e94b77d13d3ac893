/**
 * The Y.XmlFragment that holds the document: Tiptap's default field. Apart from schema.ts, so that what only needs
 * the name does not load the editor's packages.
 */
export const FRAGMENT = 'default';
