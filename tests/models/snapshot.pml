/* Provenance: Dockline's own protocol study, carried unchanged; it models shared/sync/PROTOCOL.md.     */
/* Down stream with snapshots. Odd facts count in half A of the state, even facts in half B,
 * so at cursor n the state must be A = (n+1)/2, B = n/2. A snapshot travels in two parts.     */
#ifndef NF
#define NF 3
#endif
#ifndef NET
#define NET 1
#endif
#ifndef CRASH
#define CRASH 1
#endif
#ifdef M_CUT
#define HALF_B (last/2)         /* second half read later than the first */
#else
#define HALF_B sb
#endif
/* a timer only counts when nothing else can happen: else it may win for ever, which real timers do not */
#define IDLE (known == 255 || known == last || known < base && sid != 0 && khad == 2)
#define FACT 1
#define PART 2
#define CONSISTENT assert(A == (c+1)/2 && Bb == c/2)      /* N1 state always equals cursor */
chan dn = [2] of { byte, byte, byte, byte, byte };        /* kind, n, snapshot id, part, value */
chan ak = [2] of { byte, byte, byte };                    /* cursor, snapshot id, parts had */
byte last, base;                                          /* server: rows base+1..last kept */
byte sn, sid, sa, sb, ids; byte known = 255, kid, khad;  /* server: open snapshot; last answer heard */
byte c, A, Bb, gid, gn, had, ga; bit has1, has2; byte gb;/* station, durable, with staging area */
bit img; byte ic, iA, iB; bit owe = 1;                    /* image of the station; answer owed */
byte net = NET, crash = CRASH, image = 1; bit calm, done;
hidden byte k, n, i, p, v;
#ifdef M_SWAP
bit mid; byte mn;
#define FREE (!mid)
#else
#define FREE true
#endif
init { do
:: atomic { !done && !calm && last < NF -> last++ }
:: atomic { !done && !calm && base < last -> base = last }     /* bounded retention: trimmed, acknowledged or not */
:: atomic { !done && known != 255 && known >= base && known < last && len(dn) < 2 && len(ak) == 0 -> known++; dn!FACT,known,0,0,0 }
:: atomic { !done && known < base && sid == 0 -> ids++; sid = ids; sn = last; sa = (last+1)/2; sb = last/2; khad = 0; kid = sid }
:: atomic { !done && known < base && sid != 0 && len(dn) < 2 && len(ak) == 0 && khad < 2 ->
     khad++;
     dn!PART,sn,sid,khad,(khad == 1 -> sa : HALF_B) }
:: atomic { !done && len(ak) > 0 -> ak?n,i,p;
     if :: n >= base -> sid = 0; sn = 0; sa = 0; sb = 0; kid = 0; khad = 0; known = n
#ifndef M_STALE_SNAP
        :: n < base && sid != 0 && n >= sn -> known = n; sid = 0; sn = 0; sa = 0; sb = 0; kid = 0; khad = 0   /* taken, yet trimmed past it: a new one */
        :: n < base && !(sid != 0 && n >= sn) -> known = n;
#else
        :: n < base -> known = n;
#endif
           if :: i == sid && sid != 0 -> khad = p :: else -> khad = 0 fi fi }
/* timer on either side: nothing under way, not level -> the station states its cursor again */
:: atomic { !done && len(dn) == 0 && len(ak) == 0 && !owe && FREE && c != last && IDLE -> owe = 1 }
/* server restart forgets the open snapshot and what it heard */
:: atomic { !done && !calm && crash > 0 -> crash--; sid = 0; sn = 0; sa = 0; sb = 0; kid = 0; khad = 0; known = 255 }
/* ---------- station ---------- */
:: atomic { !done && FREE && !owe && len(dn) > 0 -> dn?k,n,i,p,v; owe = 1;
     if
     :: k == FACT && n == c + 1 -> c = n; if :: n & 1 -> A++ :: else -> Bb++ fi
     :: k == PART && n > c ->
#ifndef M_MIX
        if :: i != gid -> gid = i; has1 = 0; has2 = 0; ga = 0; gb = 0 :: else fi;
#else
        gid = i;
#endif
        gn = n;
        if :: p == 1 -> has1 = 1; ga = v :: else -> has2 = 1; gb = v fi;
        if :: has1 && has2 ->
#ifdef M_SWAP
              A = ga; Bb = gb; mid = 1; mn = n;
#else
              A = ga; Bb = gb; c = n;
#endif
              gid = 0; gn = 0; has1 = 0; has2 = 0; ga = 0; gb = 0
           :: else fi
     :: else fi;
     if :: FREE -> CONSISTENT :: else fi }
#ifdef M_SWAP
:: atomic { mid -> if :: c = mn :: crash > 0 -> crash--; skip fi; mid = 0; mn = 0; CONSISTENT }   /* power cut between two commits */
#endif
:: atomic { !done && owe && len(ak) < 2 -> owe = 0; ak!c,gid,(has1 -> 1 : 0) }
/* ---------- faults ---------- */
:: atomic { !done && !calm && net > 0 && len(dn) > 0 -> net--; dn?k,n,i,p,v; if :: true :: len(dn) > 0 -> dn!k,n,i,p,v fi }
:: atomic { !done && !calm && net > 0 && len(dn) == 1 -> net--; dn?<k,n,i,p,v>; dn!k,n,i,p,v }
:: atomic { !done && !calm && net > 0 && len(ak) > 0 -> net--; ak?n,i,p; if :: true :: len(ak) > 0 -> ak!n,i,p fi }
:: atomic { !done && !calm && image > 0 && !img -> img = 1; ic = c; iA = A; iB = Bb }
:: atomic { !done && !calm && image > 0 && img && FREE -> image--; c = ic; A = iA; Bb = iB; gid = 0; gn = 0; has1 = 0; has2 = 0; ga = 0; gb = 0; owe = 1 }
:: atomic { !done && !calm -> calm = 1; net = 0; crash = 0; image = 0 }
:: atomic { !done && calm && FREE && c == last && len(dn) == 0 && len(ak) == 0 && !owe -> CONSISTENT; done = 1; goto out }
od; out: done = 1 }
ltl live { [] (calm -> <> done) }
