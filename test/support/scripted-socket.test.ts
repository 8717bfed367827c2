import { describeSocketContract } from '../contract/socket-contract';
import { ScriptedSockets } from './scripted-socket';

let sockets: ScriptedSockets;

beforeEach(() => {
  sockets = new ScriptedSockets();
});

describeSocketContract(ScriptedSockets.name, () => ({
  url: 'ws://scripted/',
  connect: sockets.connect,
  accept() {
    const socket = sockets.last.accept();
    let heard = 0;
    return Promise.resolve({
      heard: () => Promise.resolve(socket.sent[heard++] ?? ''),
      say: socket.say.bind(socket),
      ping: socket.ping.bind(socket),
      leave: socket.leave.bind(socket),
      vanish: socket.vanish.bind(socket),
      gone: Promise.resolve(),
    });
  },
  refuse(status, retryAfterSeconds) {
    sockets.last.refuse(status, retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1_000);
    return Promise.resolve();
  },
}));
