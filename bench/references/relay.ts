import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { announce } from './graph.ts';

// Forwards every frame to everybody else on the same path, unread: what moving the bytes alone costs.

const rooms = new Map<string, Set<WebSocket>>();
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  const name = request.url ?? '/';
  const room = rooms.get(name) ?? new Set();
  rooms.set(name, room);
  room.add(socket);
  socket.on('message', (data, binary) => {
    for (const other of room) if (other !== socket) other.send(data, { binary });
  });
  socket.on('close', () => {
    room.delete(socket);
    if (room.size === 0) rooms.delete(name);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') announce(`http://127.0.0.1:${address.port}`);
});
