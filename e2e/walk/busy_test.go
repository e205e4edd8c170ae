package walk

import "testing"

// kind is something that a crowd leaves behind: how much at least, and what counts it.
type kind struct {
	least int64
	sql   string
}

// atLeast is how much of each kind a crowd that meets every trouble has left behind: where less was done, the auditor had
// little to hold against anything. A run leaves several times as much.
func atLeast() map[string]kind {
	return map[string]kind{
		"messages that were dealt with":        {150, "SELECT count(*) FROM messages WHERE direction = 'in' AND status = 'handled'"},
		"messages that reached a phone":        {150, "SELECT count(*) FROM messages WHERE direction = 'out' AND status IN ('sent', 'delivered', 'read')"},
		"visits that were asked for":           {8, "SELECT count(*) FROM appointments WHERE conversation_id IS NOT NULL"},
		"visits that were booked":              {3, "SELECT count(*) FROM appointments WHERE conversation_id IS NOT NULL AND status = 'confirmed'"},
		"deposits that were paid":              {3, "SELECT count(*) FROM payments WHERE order_id IS NULL AND received_minor > 0"},
		"orders by card":                       {40, "SELECT count(*) FROM orders WHERE method = 'stripe'"},
		"orders by card that were paid":        {20, "SELECT count(*) FROM payments WHERE order_id IS NOT NULL AND received_minor > 0"},
		"orders in cash that stand":            {20, "SELECT count(*) FROM orders WHERE method = 'cod' AND status = 'confirmed'"},
		"orders that were called off":          {10, "SELECT count(*) FROM orders WHERE status IN ('canceled', 'refunded')"},
		"refunds that went back by themselves": {5, "SELECT count(*) FROM refunds WHERE request_key = '' AND state = 'succeeded'"},
		"refunds that staff gave":              {10, "SELECT count(*) FROM refunds WHERE request_key <> '' AND state = 'succeeded'"},
		"refunds that a second person agreed to": {1,
			"SELECT count(*) FROM refunds WHERE second_person AND state = 'succeeded' AND decided_by NOT IN ('', asked_by)"},
		"refunds that a second person refused": {1, "SELECT count(*) FROM refunds WHERE second_person AND state = 'rejected'"},
	}
}

// wasBusy: the crowd did enough of each kind, was told enough, and met each trouble with calls that came to an end.
func (s *scene) wasBusy(t *testing.T) {
	t.Helper()
	for what, kind := range atLeast() {
		n := s.Number(kind.sql)
		t.Logf("%d %s", n, what)
		if n < kind.least {
			t.Errorf("%d %s, want %d at least: the audit says little", n, what, kind.least)
		}
	}
	agreed := 0
	for _, r := range s.told.Refunds {
		if r.Agreed {
			agreed++
		}
	}
	t.Logf("told of %d orders and %d refunds, %d of these agreed to", len(s.told.Orders), len(s.told.Refunds), agreed)
	if len(s.told.Orders) < 60 || len(s.told.Refunds) < 10 || agreed == 0 {
		t.Errorf("told of %d orders and %d refunds, %d of these agreed to: few promises can be held to", len(s.told.Orders), len(s.told.Refunds), agreed)
	}
	for _, tr := range s.troubles {
		t.Logf("%s: %d calls came to an end amid it", tr.name, tr.calls)
		if tr.calls == 0 {
			t.Errorf("%s: nothing that anybody asked came to an end amid it", tr.name)
		}
	}
	for what, sql := range map[string]string{
		"visits":   "SELECT coalesce(string_agg(n || ' ' || status, ', '), 'none') FROM (SELECT status, count(*) n FROM appointments GROUP BY 1 ORDER BY 1) x",
		"orders":   "SELECT coalesce(string_agg(n || ' ' || method || ' ' || status, ', '), 'none') FROM (SELECT method, status, count(*) n FROM orders GROUP BY 1, 2 ORDER BY 1, 2) x",
		"payments": "SELECT coalesce(string_agg(n || ' ' || state, ', '), 'none') FROM (SELECT state, count(*) n FROM payments GROUP BY 1 ORDER BY 1) x",
		"refunds":  "SELECT coalesce(string_agg(n || ' ' || state, ', '), 'none') FROM (SELECT state, count(*) n FROM refunds GROUP BY 1 ORDER BY 1) x",
		"messages": "SELECT coalesce(string_agg(n || ' ' || direction || ' ' || status, ', '), 'none') FROM (SELECT direction, status, count(*) n FROM messages GROUP BY 1, 2 ORDER BY 1, 2) x",
		"cases":    "SELECT coalesce(string_agg(n || ' ' || reason, ', '), 'none') FROM (SELECT reason, count(*) n FROM cases GROUP BY 1 ORDER BY 1) x",
	} {
		t.Logf("%s: %s", what, s.Text(sql))
	}
}
