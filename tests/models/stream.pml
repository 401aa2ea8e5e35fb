/* Provenance: Dockline's own protocol study, carried unchanged; it models shared/sync/PROTOCOL.md.     */
/* One stream, sender -> receiver, through a broker that loses, repeats, reorders and forgets.
 * Style: one process, guarded atomic actions (a turn of a machine is atomic: commit, then effects).
 * Faults have budgets; "calm" ends them; then the run must come to rest with every promise kept.
 * The chain value of a history is the history itself written as a number: no collisions.         */
#ifndef NF
#define NF 3            /* facts that may be recorded */
#endif
#ifndef NET
#define NET 2           /* network faults: lose, repeat, reorder, wipe */
#endif
#ifndef CRASH
#define CRASH 1         /* crashes of sender or receiver */
#endif
#ifndef IMG
#define IMG 1           /* sender restored from an old image (0 or 1) */
#endif
#ifndef BAK
#define BAK 1           /* receiver restored from its newest backup */
#endif
#ifndef OLD
#define OLD 1           /* receiver restored from a backup older than the newest (here: empty) */
#endif
#ifdef M_TRIM_ACKED
#define TRIMMABLE true
#else
#define TRIMMABLE (base < safe)
#endif
#ifdef M_NO_PROBE
#define KNOWN true
#else
#define KNOWN (rs[inc] == ses && rn[inc] == last)
#endif
#ifdef NOBACKUP                     /* policy of a receiver that keeps no backups */
#define SAFE(q) rn[q]
#else
#define SAFE(q) bn[q]
#endif
#define NI 3            /* incarnations */
#define WIN 2           /* window in facts */
#define B (NF+1)
#define OPEN 1
#define DATA 2
#define JUMP 3
#define OKAY 1
#define REOPEN 2

chan up = [2] of { byte, byte, byte, byte, byte, byte, byte, byte };
       /* kind, inc, session, first|to, count, prev chain, fact1|gone[1], fact2|gone[2] */
chan dn = [2] of { byte, byte, byte, byte, byte, byte };
       /* inc, session, through, chain, safe, code */

/* sender, durable */
byte inc = 1, base, last, row[NF+1], hc[NF+1], gone[NI+1];
/* sender, volatile. st: 0 closed, 1 opening, 2 streaming */
byte st, ses, acked, next = 1, safe;
/* image of the sender's disk */
bit has_img; byte i_inc, i_base, i_last, i_row[NF+1], i_hc[NF+1], i_gone[NI+1], i_cr;
/* receiver, durable */
byte rn[NI+1], rh[NI+1], app[NF+1], gap[NI+1];
/* receiver, volatile: session known per incarnation, and the acknowledgement owed */
byte rs[NI+1], o_inc, o_ses, o_code;
/* backup */
byte bn[NI+1], bh[NI+1], bapp[NF+1], bgap[NI+1];
/* world and ghosts */
byte incs = 1, fresh, cr, net = NET, crash = CRASH, img = IMG, bak = BAK, old = OLD, baks = 2;
bit calm, done, was_old, was_img;
byte tinc[NF+1], tseq[NF+1]; bit lost[NF+1];
hidden byte k, i, s, a, c, h, f1, f2, x, y, z;
hidden byte bad;

inline sender_stop() { st = 0; ses = 0; acked = 0; next = 1; safe = 0 }
inline receiver_stop() {
  for (x : 1 .. NI) { rs[x] = 0 } o_inc = 0; o_ses = 0; o_code = 0;
}
inline fork(thr) {                /* new incarnation: retained rows renumbered from 1 */
  gone[inc] = (thr > base -> thr : base);
#ifdef M_NO_GONE
  gone[inc] = 0;
#endif
  y = 0; z = base;
#ifdef M_FORK_UNACKED
  z = (thr > last -> last : thr);
#endif
  for (x : 1 .. NF) {
    if :: x > z && x <= last -> y++; row[y] = row[x]; hc[y] = (hc[y-1]*B + row[y])
       :: else fi }
  for (x : 1 .. NF) { if :: x > y -> row[x] = 0; hc[x] = 0 :: else fi }
  hc[0] = 0; base = 0; last = y; incs++; inc = incs; sender_stop()
}
/* hc[n] is the chain after row n; after a fork hc[0] is the fresh start. Trimming keeps hc[base]. */
inline apply(f) {
  assert(f > rh[i] % B);                                   /* S3 order inside an incarnation */
  rn[i]++; rh[i] = rh[i]*B + f;
#ifdef M_NO_ID
  app[f]++;
#else
  if :: app[f] == 0 -> app[f] = 1 :: else fi;
#endif
  assert(app[f] <= 1)                                      /* S2 never twice */
}
inline report_gap(g_inc, g_to) {
  if :: rn[g_inc] < g_to && gap[g_inc] < g_to ->
        assert(was_old || (was_img && k == OPEN));         /* S5 no gap without a cause */
        gap[g_inc] = g_to :: else fi
}
inline owe(w_ses, w_code) { o_inc = i; o_ses = w_ses; o_code = w_code }

init { do
/* ---------- sender ---------- */
:: atomic { !done && !calm && cr < NF && last < NF -> cr++; last++; row[last] = cr; hc[last] = hc[last-1]*B + cr }
:: atomic { !done && st == 0 && len(up) < 2 -> fresh++; ses = fresh; st = 1;
     up!OPEN,inc,ses,base,0,0,gone[1],gone[2] }
:: atomic { !done && st == 2 && next <= last && next <= acked + WIN && len(up) < 2 ->
     k = (next < last && next < acked + WIN -> 2 : 1);
     if :: k == 2 -> k = 1 :: true fi;                     /* any batch size */
     up!DATA,inc,ses,next,k,hc[next-1],row[next],(k == 2 -> row[next+1] : 0);
     next = next + k;
#ifdef M_TRIM_BROKER
     do :: base + 1 < next -> base++; tinc[row[base]] = inc; tseq[row[base]] = base :: else -> break od
#endif
     }
:: atomic { !done && len(dn) > 0 -> dn?i,s,a,h,k,c;
     if
#ifndef M_STALE_ACK
     :: s != ses || i != inc || st == 0 -> skip                       /* not my current session */
#else
     :: i != inc || st == 0 -> skip
#endif
     :: else ->
        bad = (a > last);
#ifndef M_NO_HASH
        if :: !bad && a >= base -> bad = (hc[a] != h) :: else fi;
#endif
        if
#ifdef M_NO_FORK
        :: bad -> acked = (a > last -> last : a); next = acked + 1; st = 2
#else
        :: bad && incs < NI -> fork(a)
        :: bad && incs == NI -> assert(false)             /* one image: one fork is enough */
#endif
#ifndef M_JUMP_LOOP
        :: !bad && a < base && c == REOPEN -> st = 0        /* reopen comes before jump, or both loop */
        :: !bad && a < base && c == OKAY ->
#else
        :: !bad && a < base ->
#endif
           if :: st == 1 && len(up) < 2 -> up!JUMP,inc,ses,base,0,hc[base],gone[1],gone[2] :: else fi
        :: !bad && a >= base && c == REOPEN -> st = 0
        :: !bad && a >= base && c == OKAY ->
           safe = (k > safe -> k : safe);
           if :: st == 1 -> acked = a; st = 2;
#ifndef M_WINDOW
                 next = a + 1
#else
                 if :: next <= a -> next = a + 1 :: else fi
#endif
              :: st == 2 && a > acked -> acked = a; if :: next <= a -> next = a + 1 :: else fi
#ifndef M_LOWER
              :: st == 2 && a < acked -> st = 0           /* the receiver went back: ask again */
#endif
              :: else fi
        fi
     fi }
:: atomic { !done && base < last && st == 2 && base < acked && TRIMMABLE -> base++; tinc[row[base]] = inc; tseq[row[base]] = base }
/* retry timer: nothing under way and something still open -> open again */
:: atomic { !done && st != 0 && len(up) == 0 && len(dn) == 0 && o_inc == 0 && (st == 1 || acked < last && next == (acked + WIN < last -> acked + WIN : last) + 1) -> 
#ifdef M_NO_REOPEN
     if :: st == 2 -> next = acked + 1 :: else -> st = 0 fi
#else
     st = 0
#endif
     }
#ifndef M_NO_PROBE
/* idle probe; the guard only leaves out probes that would change nothing */
:: atomic { !done && st == 2 && acked == last && len(up) == 0 && len(dn) == 0 && o_inc == 0 && (rs[inc] != ses || rn[inc] != last) -> st = 0 }
#endif
/* ---------- receiver ---------- */
:: atomic { !done && o_inc == 0 && len(up) > 0 -> up?k,i,s,a,c,h,f1,f2;
     if
     :: k == OPEN ->
#ifndef M_NO_GAP
          if :: i != 1 -> report_gap(1, f1) :: else fi;
          if :: i > 2  -> report_gap(2, f2) :: else fi;
#endif
          if :: s > rs[i] -> rs[i] = s; owe(s, OKAY) :: else fi
     :: k == JUMP ->
          if :: a > rn[i] && s == rs[i] ->
#ifndef M_NO_GAP
                report_gap(i, a);
#endif
                rn[i] = a; rh[i] = h :: else fi;
          if :: s == rs[i] -> owe(s, OKAY) :: s > rs[i] -> owe(s, REOPEN) :: else fi
     :: k == DATA ->
          z = a + c - 1;                                   /* last in batch */
          bad = (a > rn[i] + 1);
#ifdef M_SKIP
          if :: bad -> rn[i] = a - 1; rh[i] = h; bad = 0 :: else fi;
#endif
          if :: !bad && z > rn[i] ->
                y = (a == rn[i] + 1 -> h : h*B + f1);      /* chain at rn[i] by the batch's account */
#ifdef M_NO_HASH
                y = rh[i];
#endif
                if :: y == rh[i] ->
                      if :: a == rn[i] + 1 -> apply(f1); if :: c == 2 -> apply(f2) :: else fi
                         :: else -> apply(f2) fi
#ifdef M_ACK_EARLY
                      :: y == rh[i] && crash > 0 && a == rn[i] + 1 && len(dn) < 2 -> crash--;   /* acked, then crashed before COMMIT */
                         y = (c == 2 -> (rh[i]*B + f1)*B + f2 : rh[i]*B + f1);
                         dn!i,s,z,y,z,OKAY; receiver_stop(); s = 255
#endif
                   :: else fi
             :: else fi;
          if :: s == rs[i] -> owe(s, (bad -> REOPEN : OKAY)) :: s > rs[i] && s != 255 -> owe(s, REOPEN) :: else fi
     fi }
:: atomic { !done && o_inc != 0 && len(dn) < 2 -> dn!o_inc,o_ses,rn[o_inc],rh[o_inc],SAFE(o_inc),o_code; o_inc = 0; o_ses = 0; o_code = 0 }
:: atomic { !done && !calm && baks > 0 && o_inc == 0 && rn[inc] > bn[inc] -> baks--;
     for (x : 1 .. NI) { bn[x] = rn[x]; bh[x] = rh[x]; bgap[x] = gap[x] }
     for (x : 1 .. NF) { bapp[x] = app[x] }
     if :: rs[inc] != 0 -> i = inc; owe(rs[inc], OKAY) :: else fi }
/* ---------- faults ---------- */
:: atomic { !done && !calm && net > 0 && len(up) > 0 -> net--; up?k,i,s,a,c,h,f1,f2;      /* lose, repeat, reorder */
     if :: true :: len(up) > 0 -> up!k,i,s,a,c,h,f1,f2 fi }
:: atomic { !done && !calm && net > 0 && len(up) == 1 -> net--; up?<k,i,s,a,c,h,f1,f2>; up!k,i,s,a,c,h,f1,f2 }
:: atomic { !done && !calm && net > 0 && len(dn) > 0 -> net--; dn?i,s,a,h,k,c; if :: true :: len(dn) > 0 -> dn!i,s,a,h,k,c fi }
:: atomic { !done && !calm && net > 0 && len(dn) == 1 -> net--; dn?<i,s,a,h,k,c>; dn!i,s,a,h,k,c }
:: atomic { !done && !calm && net > 0 && (len(up) > 0 || len(dn) > 0) -> net--;            /* broker forgets all */
     do :: up?k,i,s,a,c,h,f1,f2 :: dn?i,s,a,h,k,c :: len(up) == 0 && len(dn) == 0 -> break od; st = 0; ses = 0 }
:: atomic { !done && !calm && crash > 0 && st != 0 -> crash--; sender_stop() }
:: atomic { !done && !calm && crash > 0 -> crash--; receiver_stop() }
:: atomic { !done && !calm && img > 0 && !has_img -> has_img = 1; i_inc = inc; i_base = base; i_last = last; i_cr = cr;
     for (x : 0 .. NF) { i_row[x] = row[x]; i_hc[x] = hc[x] } for (x : 1 .. NI) { i_gone[x] = gone[x] } }
:: atomic { !done && !calm && img > 0 && has_img -> img--; was_img = 1;
     inc = i_inc; base = i_base; last = i_last;
     for (x : 0 .. NF) { row[x] = i_row[x]; hc[x] = i_hc[x]; if :: x > i_cr && x <= cr -> lost[x] = 1 :: else fi }
     for (x : 1 .. NI) { gone[x] = i_gone[x] } sender_stop() }
:: atomic { !done && !calm && bak > 0 -> bak--;
     for (x : 1 .. NI) { rn[x] = bn[x]; rh[x] = bh[x]; gap[x] = bgap[x] }
     for (x : 1 .. NF) { app[x] = bapp[x] } receiver_stop() }
:: atomic { !done && !calm && old > 0 -> old--; was_old = 1;
     for (x : 1 .. NI) { rn[x] = 0; rh[x] = 0; gap[x] = 0; bn[x] = 0; bh[x] = 0; bgap[x] = 0 }
     for (x : 1 .. NF) { app[x] = 0; bapp[x] = 0 } receiver_stop() }
:: atomic { !calm && !done -> calm = 1; net = 0; crash = 0; img = 0; bak = 0; old = 0; baks = 0 }
:: atomic { calm && !done && st == 2 && acked == last && next == last + 1 && len(up) == 0 && len(dn) == 0 && o_inc == 0 && KNOWN ->
     for (x : 1 .. cr) { assert(app[x] == 1 || lost[x] ||             /* S1 nothing lost in silence */
                                (tinc[x] != 0 && gap[tinc[x]] >= tseq[x])) }
     for (x : 1 .. NF) { if :: x > base && x <= last -> assert(app[row[x]] == 1 || gap[inc] >= x) :: else fi } /* S4 no silent merge */
     done = 1; goto out }
od;
out: done = 1 }
ltl live { [] (calm -> <> done) }
