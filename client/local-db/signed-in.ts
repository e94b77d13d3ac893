/** Whether the server, as far as this device knows, still knows the session of the person whose data this is. */
export interface SignedIn {
  current(): boolean;
  subscribe(listener: () => void): () => void;
}
