/**
 * The browser's WebSocket. In Chromium its traffic keeps the worker; Firefox ends its event page
 * after 30 s whatever a socket does (platform FACTS.md §1, §2), so there none is opened.
 */

/** How a live link is kept in this browser. */
export const LINK_BY = import.meta.env.FIREFOX ? 'checks' : 'socket';

export interface Socket {
  /** Dropped while it is not open. */
  send(text: string): void;
  /** Nothing is heard of it any more after this. */
  close(): void;
}

export interface SocketListeners {
  text: (text: string) => void;
  /** It was closed by the other side, broke, or never opened. */
  closed: () => void;
}

/** Opens a socket. The caller answers for the host (RULES.md 10). */
export function openSocket(url: string, { text, closed }: SocketListeners): Socket {
  const socket = new WebSocket(url);
  socket.onmessage = ({ data }) => text(String(data));
  socket.onclose = closed;
  return {
    send: (line) => {
      if (socket.readyState === 1) socket.send(line);
    },
    close: () => {
      socket.onmessage = socket.onclose = null;
      socket.close();
    },
  };
}

/** Calls `work` once after `ms`, unless the returned function is called before. Dies with the worker. */
export function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}
