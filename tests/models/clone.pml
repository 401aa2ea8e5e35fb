/* Provenance: Dockline's own protocol study, carried unchanged; it models shared/sync/PROTOCOL.md.     */
/* Two live computers run the same station: the disk was copied while it worked.
 * A session is (boot, nonce): boot is durable and grows at each process start, nonce is random per process.
 * Facts flow from both, each in its own incarnation; only one may use the station's leases ("work").      */
#ifndef NET
#define NET 1
#endif
#ifndef RESTART
#define RESTART 1
#endif
#define NF 3
#define NI 4
#define B (NF+1)
chan up = [2] of { byte, byte, byte, byte, byte, byte, byte };  /* kind, inc, boot, nonce, first, prev, fact */
chan dn = [2] of { byte, byte, byte, byte, byte };              /* inc, nonce, through, chain, code */
#define OPEN 1
#define DATA 2
#define OKAY 1
#define REOPEN 2
#define FENCED 3
/* process p = 0 (original) or 1 (copy); rows of p at p*B */
byte inc[2], last[2], acked[2], boot[2], nonce[2], st[2], row[8], hc[8]; bit live[2], work[2];
/* server, durable per incarnation: cursor, newest session; facts applied; who holds the work */
byte rn[NI+1], rh[NI+1], rb[NI+1], rq[NI+1], app[NF+1], work_inc;
byte o_inc, o_nonce, o_code;
byte incs, nonces, cr, net = NET, restart = RESTART, forks; bit calm, done, cloned;
hidden byte p, q, x, y, k, i, b, m, a, h, f;
inline fork(w) {
  y = 0; for (x : 1 .. last[w]) { hc[w*B+x] = hc[w*B+x-1]*B + row[w*B+x] }
  assert(incs < NI); incs++; inc[w] = incs; acked[w] = 0; st[w] = 0; work[w] = 0; forks++ }
#define SETTLED(w) (!live[w] || st[w] == 2 && acked[w] == last[w] && rq[inc[w]] == nonce[w])
#define BOTH(w) (SETTLED(0) && SETTLED(1))

init { live[0] = 1; work[0] = 1; boot[0] = 1; incs = 1; inc[0] = 1; nonces = 1; nonce[0] = 1; work_inc = 1;
do
:: atomic { !done && !calm && cr < NF && live[0] -> cr++; last[0]++; row[last[0]] = cr; hc[last[0]] = hc[last[0]-1]*B + cr }
:: atomic { !done && !calm && cr < NF && live[1] -> cr++; last[1]++; row[B+last[1]] = cr; hc[B+last[1]] = hc[B+last[1]-1]*B + cr }
:: atomic { !done && !calm && !cloned -> cloned = 1; live[1] = 1; inc[1] = inc[0]; last[1] = last[0]; work[1] = work[0];
     for (x : 0 .. NF) { row[B+x] = row[x]; hc[B+x] = hc[x] }
     boot[1] = boot[0] + 1; nonces++; nonce[1] = nonces }
:: atomic { !done && !calm && restart > 0 -> restart--; if :: live[0] -> p = 0 :: live[1] -> p = 1 fi;
     boot[p] = boot[p] + 1; nonces++; nonce[p] = nonces; st[p] = 0; acked[p] = 0 }
:: atomic { !done && len(up) < 2 && (live[0] && st[0] == 0 || live[1] && st[1] == 0) ->
     if :: live[0] && st[0] == 0 -> p = 0 :: live[1] && st[1] == 0 -> p = 1 fi;
     st[p] = 1; up!OPEN,inc[p],boot[p],nonce[p],0,0,0 }
:: atomic { !done && len(up) < 2 && (live[0] && st[0] == 2 && acked[0] < last[0] || live[1] && st[1] == 2 && acked[1] < last[1]) ->
     if :: live[0] && st[0] == 2 && acked[0] < last[0] -> p = 0 :: live[1] && st[1] == 2 && acked[1] < last[1] -> p = 1 fi;
     a = acked[p] + 1; st[p] = 3; up!DATA,inc[p],boot[p],nonce[p],a,hc[p*B+a-1],row[p*B+a] }
:: atomic { !done && len(dn) > 0 -> dn?i,m,a,h,k;         /* both computers hear every answer of their station */
     for (q : 0 .. 1) { if
       :: live[q] && i == inc[q] && st[q] != 0 && m == nonce[q] ->
          if
          :: k == FENCED || a > last[q] || hc[q*B+a] != h ->
#ifdef M_FENCED_WAITS
             live[q] = 0
#else
             fork(q)
#endif
          :: else -> if :: k == REOPEN -> st[q] = 0 :: else -> st[q] = 2; acked[q] = a fi
          fi
       :: else fi } }
:: atomic { !done && len(up) == 0 && len(dn) == 0 && o_inc == 0 && !(BOTH(0)) &&
     (live[0] && (st[0] & 1) || live[1] && (st[1] & 1) || live[0] && st[0] == 2 && rq[inc[0]] != nonce[0] || live[1] && st[1] == 2 && rq[inc[1]] != nonce[1]) ->
     for (q : 0 .. 1) { if :: live[q] && ((st[q] & 1) || st[q] == 2 && rq[inc[q]] != nonce[q]) -> st[q] = 0 :: else fi } }
/* ---------- server ---------- */
:: atomic { !done && o_inc == 0 && len(up) > 0 -> up?k,i,b,m,a,h,f;
     if
     :: k == DATA ->                                       /* content speaks for itself, whoever sent it */
        if :: a == rn[i] + 1 && h == rh[i] -> rn[i]++; rh[i] = rh[i]*B + f;
              if :: app[f] == 0 -> app[f] = 1 :: else fi
           :: else fi
     :: else fi;
     if
     :: rq[i] == m -> o_inc = i; o_nonce = m; o_code = OKAY                       /* the session we know */
#ifdef M_NO_BOOT
     :: rq[i] != m && k == OPEN ->
#else
     :: rq[i] != m && k == OPEN && b > rb[i] ->                                   /* a later start */
#endif
        rb[i] = b; rq[i] = m; o_inc = i; o_nonce = m; o_code = OKAY
#ifndef M_NO_BOOT
     :: rq[i] != m && b <= rb[i] -> o_inc = i; o_nonce = m; o_code = FENCED
     :: rq[i] != m && b > rb[i] && k == DATA -> o_inc = i; o_nonce = m; o_code = REOPEN
#else
     :: rq[i] != m && k == DATA -> o_inc = i; o_nonce = m; o_code = REOPEN
#endif
     fi }
:: atomic { !done && o_inc != 0 && len(dn) < 2 -> dn!o_inc,o_nonce,rn[o_inc],rh[o_inc],o_code; o_inc = 0; o_nonce = 0; o_code = 0 }
#ifdef M_AUTO_WORK
/* the newest incarnation gets the leases at once, nobody asked */
:: atomic { !done && work_inc != incs && rb[incs] != 0 -> work_inc = incs;
     if :: live[0] && inc[0] == incs -> work[0] = 1 :: live[1] && inc[1] == incs -> work[1] = 1 :: else fi;
     assert(!(work[0] && work[1] && inc[0] != inc[1])) }
#endif
/* ---------- faults ---------- */
:: atomic { !done && !calm && net > 0 && len(up) > 0 -> net--; up?k,i,b,m,a,h,f; if :: true :: len(up) > 0 -> up!k,i,b,m,a,h,f fi }
:: atomic { !done && !calm && net > 0 && len(up) == 1 -> net--; up?<k,i,b,m,a,h,f>; up!k,i,b,m,a,h,f }
:: atomic { !done && !calm && net > 0 && len(dn) > 0 -> net--; dn?i,m,a,h,k; if :: true :: len(dn) > 0 -> dn!i,m,a,h,k fi }
:: atomic { !done && !calm -> calm = 1; net = 0; restart = 0 }
/* ---------- rest: both quiet ---------- */
:: atomic { !done && calm && BOTH(0) && len(up) == 0 && len(dn) == 0 && o_inc == 0 ->
     for (x : 1 .. cr) { assert(app[x] == 1) }                                    /* C1 no fact lost */
     assert(forks <= 2);                                                          /* C2 no endless contest */
     assert(!cloned || inc[0] != inc[1]);                                         /* C3 told apart */
     assert(!(work[0] && work[1]));                                               /* C4 one holder at rest */
     assert(!cloned || forks > 0);                                                /* C5 the fork's open reports it */
     done = 1; goto out }
od; out: done = 1 }
ltl live { [] (calm -> <> done) }
