// An HTTP gate between the channel code and a shop, which can fail in the ways that networks do.
// gate.mode: pass | lose (request never arrives) | cut (applied, answer lost) | 503 | 429 | random
import http from 'node:http';

export async function openGate(target) {
    const to = new URL(target);
    const gate = { mode: 'pass', requests: 0, failed: 0, log: [] };
    const random = () => {
        const dice = Math.random();
        return dice < 0.1 ? 'lose' : dice < 0.2 ? 'cut' : dice < 0.25 ? '503' : dice < 0.28 ? '429' : 'pass';
    };
    const server = http.createServer((req, res) => {
        const chunks = [];
        req.on('data', c => chunks.push(c));
        req.on('end', () => {
            gate.requests++;
            const body = Buffer.concat(chunks);
            const mode = gate.mode === 'random' ? random() : gate.mode;
            if (mode !== 'pass') gate.failed++;
            if (mode === 'lose') return req.socket.destroy();
            if (mode === '503') return res.writeHead(503).end('busy');
            if (mode === '429') return res.writeHead(429, { 'retry-after': '1' }).end('slow down');
            const out = http.request({ host: to.hostname, port: to.port, path: req.url, method: req.method,
                                       headers: { ...req.headers, host: to.host } }, answer => {
                const back = [];
                answer.on('data', c => back.push(c));
                answer.on('end', () => {
                    const text = Buffer.concat(back);
                    if (gate.record) gate.record(req, body, answer, text);
                    if (mode === 'cut') return req.socket.destroy();
                    res.writeHead(answer.statusCode, answer.headers).end(text);
                });
            });
            out.on('error', () => req.socket.destroy());
            out.end(body);
        });
    });
    await new Promise(done => server.listen(0, '127.0.0.1', done));
    gate.url = `http://127.0.0.1:${server.address().port}${to.pathname}`;
    gate.close = () => { server.closeAllConnections(); server.close(); };
    return gate;
}
