import { describe, expect, it } from 'vitest';
import { createContact } from '../../client/description/contact.ts';

/** A page with a socket whose server acknowledges, and a clock that the test moves. */
function page() {
  let time = 1_000_000;
  const contact = createContact(() => time);
  let sent = 0;
  return {
    contact,
    wait(ms: number) {
      time += ms;
    },
    connect() {
      contact.hear({ kind: 'connected' });
      sent = 0;
    },
    send(complete: boolean) {
      contact.hear({ kind: 'sent', complete });
      sent += 1;
    },
    acknowledge(count = sent) {
      contact.hear({ kind: 'acknowledged', count });
    },
    lose: (lastHeardAt = time) => contact.lost(lastHeardAt),
    get now() {
      return time;
    },
  };
}

function inContact() {
  const device = page();
  device.connect();
  device.send(true);
  device.acknowledge();
  return device;
}

describe('D11: how long a break was', () => {
  it('is not known before the first contact, nor after knowingly going away', () => {
    const device = page();
    expect(device.contact.brokenFor()).toBe(Number.POSITIVE_INFINITY);
    const other = inContact();
    other.lose();
    other.contact.part();
    expect(other.contact.brokenFor()).toBe(Number.POSITIVE_INFINITY);
  });

  it('counts from the last message, not from when the loss was noticed', () => {
    const device = inContact();
    device.wait(30_000);
    device.lose(device.now - 25_000);
    device.wait(1_000);
    expect(device.contact.brokenFor()).toBe(26_000);
  });

  it('goes on through sockets that open and break before both have everything', () => {
    const device = inContact();
    device.lose();
    device.wait(60_000);
    device.connect();
    device.send(false);
    device.acknowledge();
    device.send(true);
    device.acknowledge(1);
    device.lose();
    device.wait(1_000);
    expect(device.contact.brokenFor()).toBe(61_000);
  });

  it('begins anew after each contact', () => {
    const device = inContact();
    device.lose();
    device.wait(60_000);
    device.connect();
    device.send(true);
    device.acknowledge();
    device.lose();
    device.wait(500);
    expect(device.contact.brokenFor()).toBe(500);
  });
});
