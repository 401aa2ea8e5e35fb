/* Provenance: Dockline's own protocol study, carried unchanged; it models shared/sync/PROTOCOL.md.     */
/* Leases over two already-correct streams (in order, exactly once: stream.pml), one order, two stations.
 * Stations go silent, a person may force a lease back, the server may be restored from a backup.      */
#ifndef FORCE
#define FORCE 1
#endif
#ifndef RESTORE
#define RESTORE 1
#endif
#define MAXG 3                  /* grants in one run */
#define GRANT 1
#define REVOKE 2
#define CENSUS 3
#define PACKED 1
#define RETURNED 2
#define HELD 3
#define UL 5                    /* rows per station log */

chan d0[3] = [2] of { byte, byte };    /* down, first incarnation */
chan d1[3] = [3] of { byte, byte };    /* down, incarnation after a restore */
byte ulk[15], ule[15], ulen[3];        /* station up logs: retained, so re-sent after a restore */
/* server, durable */
byte gen, holder, ep, uc[3]; bit accepted, revoking, recovering, heard[3]; byte exc;
/* backup */
bit has_b; byte b_holder, b_ep, b_uc[3]; bit b_accepted, b_revoking; byte b_exc;
/* stations, durable */
byte held[3], cur[3];                  /* epoch held; newest down incarnation seen */
/* world, ghosts */
byte grants, packs; bit offline[3], forced, calm, done; byte force = FORCE, restore = RESTORE, drops = 2;
hidden byte s, k, e, n;
#ifdef M_NO_HOLD
#define MAY_GRANT true
#else
#define MAY_GRANT (!recovering)
#endif
#ifdef M_EPOCH
#define NEXT_EPOCH (ep + 1)
#else
#define NEXT_EPOCH (ep < gen*10 -> gen*10 + 1 : ep + 1)     /* (generation, counter) as one number */
#endif

inline down(w_s, w_k, w_e) { if :: gen == 0 -> d0[w_s]!w_k,w_e :: else -> d1[w_s]!w_k,w_e fi }
inline log(w_s, w_k, w_e) { ulk[w_s*UL + ulen[w_s]] = w_k; ule[w_s*UL + ulen[w_s]] = w_e; ulen[w_s]++ }
inline single() { assert(forced || !(held[1] != 0 && held[2] != 0)) }            /* L1 one holder */
inline take(w_k, w_e) {
  if
  :: w_k == GRANT -> if :: w_e > held[s] -> held[s] = w_e :: else fi; single()
  :: w_k == REVOKE -> if :: held[s] == w_e -> held[s] = 0; log(s, RETURNED, w_e) :: else fi
  :: w_k == CENSUS -> log(s, HELD, held[s])
  fi }
#define ROOM(q) ((gen == 0 && len(d0[q]) < 2) || (gen == 1 && len(d1[q]) < 3))

init { do
/* ---------- server ---------- */
:: atomic { !done && !calm && holder == 0 && !accepted && grants < MAXG && MAY_GRANT && (ROOM(1) || ROOM(2)) ->
     if :: ROOM(1) -> s = 1 :: ROOM(2) -> s = 2 fi;
     grants++; ep = NEXT_EPOCH; holder = s; revoking = 0; down(s, GRANT, ep) }
:: atomic { !done && !calm && holder != 0 && !revoking && !recovering && ROOM(holder) -> revoking = 1; down(holder, REVOKE, ep);
#ifdef M_REGRANT
     holder = 0
#endif
     }
:: atomic { !done && !calm && force > 0 && holder != 0 && !recovering && offline[holder] && ROOM(holder) ->          /* a person */
     force--; forced = 1; if :: !revoking -> down(holder, REVOKE, ep) :: else fi; ep = NEXT_EPOCH; holder = 0; revoking = 0 }
:: atomic { !done && (!offline[1] && uc[1] < ulen[1] || !offline[2] && uc[2] < ulen[2]) ->
     if :: !offline[1] && uc[1] < ulen[1] -> s = 1 :: !offline[2] && uc[2] < ulen[2] -> s = 2 fi;
     k = ulk[s*UL + uc[s]]; e = ule[s*UL + uc[s]]; uc[s]++;
     if
     :: k == PACKED ->
#ifdef M_NO_FENCE
        if :: !accepted ->
#else
        if :: !accepted && (holder == s && e == ep || recovering && e >= ep) ->
#endif
              assert(recovering || holder == s);            /* L3 accepted only from the holder */
              accepted = 1; holder = 0; revoking = 0; ep = (e > ep -> e : ep)
           :: else -> exc++ fi
     :: k == RETURNED -> if :: holder == s && e == ep -> holder = 0; revoking = 0 :: else fi
     :: k == HELD && !recovering -> if :: e != 0 && !(holder == s && e == ep) && ROOM(s) -> down(s, REVOKE, e) :: else fi
     :: k == HELD && recovering && gen == 1 -> heard[s] = 1;
        if :: e != 0 && !accepted && e >= ep && (holder == 0 || holder == s || e > ep) ->
              if :: holder != 0 && holder != s && ROOM(holder) -> down(holder, REVOKE, ep) :: else fi;
              holder = s; ep = e; revoking = 0               /* the lost future is adopted */
           :: e != 0 && !(!accepted && e >= ep && (holder == 0 || holder == s || e > ep)) -> down(s, REVOKE, e)
           :: e == 0 && holder == s -> holder = 0; revoking = 0
           :: else fi;
        if :: heard[1] && heard[2] -> recovering = 0 :: else fi
     :: else
     fi; k = 0; e = 0 }
:: atomic { !done && !calm && force > 0 && recovering && (offline[1] && !heard[1] || offline[2] && !heard[2]) ->    /* a person writes a silent station off */
     force--; forced = 1; if :: offline[1] && !heard[1] -> s = 1 :: offline[2] && !heard[2] -> s = 2 fi;
     heard[s] = 1; if :: holder == s -> holder = 0; revoking = 0; ep = NEXT_EPOCH :: else fi;
     if :: heard[1] && heard[2] -> recovering = 0 :: else fi }
/* ---------- stations ---------- */
:: atomic { !done && (!offline[1] && len(d0[1]) > 0 || !offline[2] && len(d0[2]) > 0) ->
     if :: !offline[1] && len(d0[1]) > 0 -> s = 1 :: !offline[2] && len(d0[2]) > 0 -> s = 2 fi; d0[s]?k,e;
#ifdef M_LATE
     if :: ulen[s] < UL -> take(k, e) :: else fi
#else
     if :: cur[s] == 0 && ulen[s] < UL -> take(k, e) :: else fi          /* an older down incarnation is dead */
#endif
     }
:: atomic { !done && (!offline[1] && len(d1[1]) > 0 || !offline[2] && len(d1[2]) > 0) ->
     if :: !offline[1] && len(d1[1]) > 0 -> s = 1 :: !offline[2] && len(d1[2]) > 0 -> s = 2 fi; d1[s]?k,e; cur[s] = 1;
     if :: ulen[s] < UL -> take(k, e) :: else fi }
:: atomic { !done && !calm && (held[1] != 0 && ulen[1] < UL || held[2] != 0 && ulen[2] < UL) && packs < 3 ->     /* pack, online or not */
     if :: held[1] != 0 && ulen[1] < UL -> s = 1 :: held[2] != 0 && ulen[2] < UL -> s = 2 fi;
     log(s, PACKED, held[s]); held[s] = 0; packs++; assert(packs == 1 || forced) }  /* L2 */
/* ---------- faults ---------- */
:: atomic { !done && !calm && !offline[1] -> offline[1] = 1 }
:: atomic { !done && !calm && !offline[2] -> offline[2] = 1 }
:: atomic { !done && !calm && offline[1] -> offline[1] = 0 }
:: atomic { !done && !calm && offline[2] -> offline[2] = 0 }
:: atomic { !done && !calm && restore > 0 && !has_b -> has_b = 1; b_holder = holder; b_ep = ep; b_accepted = accepted;
     b_revoking = revoking; b_exc = exc; b_uc[1] = uc[1]; b_uc[2] = uc[2] }
:: atomic { !done && !calm && restore > 0 && has_b -> restore--; gen = 1; recovering = 1;
     holder = b_holder; ep = b_ep; accepted = b_accepted; revoking = b_revoking; exc = b_exc; uc[1] = b_uc[1]; uc[2] = b_uc[2];
     d1[1]!CENSUS,0; d1[2]!CENSUS,0 }
:: atomic { !done && gen == 1 && drops > 0 && (len(d0[1]) > 0 || len(d0[2]) > 0) -> drops--;   /* old messages may get lost */
     if :: len(d0[1]) > 0 -> d0[1]?k,e :: len(d0[2]) > 0 -> d0[2]?k,e fi }
:: atomic { !done && !calm -> calm = 1; offline[1] = 0; offline[2] = 0; restore = 0; force = 0 }
/* ---------- rest ---------- */
:: atomic { !done && calm && len(d0[1]) + len(d0[2]) + len(d1[1]) + len(d1[2]) == 0 && uc[1] == ulen[1] && uc[2] == ulen[2] ->
     assert(!recovering);                                                         /* L6 recovery ends */
     assert(packs == accepted + exc);                                             /* L4 every pack accepted or raised */
     assert(held[1] == 0 || accepted || holder == 1 && ep == held[1]);            /* L5 both ends agree */
     assert(held[2] == 0 || accepted || holder == 2 && ep == held[2]);
     done = 1; goto out }
od; out: done = 1 }
ltl live { [] (calm -> <> done) }
