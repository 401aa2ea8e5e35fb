// Writes the first exchange of each GraphQL operation as NAME.http, secrets and addresses removed.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function recorder(folder, store) {
    mkdirSync(folder, { recursive: true });
    const clean = text => text.replaceAll(store.channel.password, 'PASSWORD').replaceAll(store.channel.user, 'admin').replaceAll(store.apiKey, 'KEY')
        .replace(/[0-9a-f]{64}/g, 'TOKEN').replace(/127\.0\.0\.1:\d+/g, 'shop.example');
    return (req, body, answer, text) => {
        const name = /^(?:query|mutation) (\w+)/.exec(JSON.parse(body).query)?.[1];
        const data = JSON.parse(text).data ?? {};
        const empty = Object.values(data).some(v => v?.items?.length === 0);
        const file = join(folder, `${name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()}.http`);
        if (empty || existsSync(file)) return;
        const headers = Object.entries(answer.headers).filter(([k]) => /^(content-type|vendure-auth-token)$/.test(k));
        writeFileSync(file, clean(`POST ${req.url} HTTP/1.1\ncontent-type: application/json\nauthorization: ${req.headers.authorization ?? ''}\n\n`
            + `${body}\n\nHTTP/1.1 ${answer.statusCode}\n${headers.map(([k, v]) => `${k}: ${v}\n`).join('')}\n${text}\n`));
    };
}
