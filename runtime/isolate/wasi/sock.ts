import { Errno, fail } from './errno.ts';
import type { Bodies, World } from './world.ts';

/** `sock_*`: no descriptor is a socket. */
export const createSock = (world: World): Bodies => {
  const refuse = (fd: number) => {
    world.descriptors.get(fd, 0);
    fail(Errno.NOTSOCK);
  };
  return { sock_accept: refuse, sock_recv: refuse, sock_send: refuse, sock_shutdown: refuse };
};
