package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/testkit"
)

// What an operator sees and a script's exit status says: the whole chain, or the entry that was changed
// behind the triggers' back (ASVS 16.4.2).
func TestAuditVerify(t *testing.T) {
	t.Parallel()
	url := testkit.DatabaseURL(t)
	environ := map[string]string{"APP_ENV": "test", "DATA_DIR": t.TempDir(), "DATABASE_URL": url, "REDIS_URL": testkit.RedisURL(t)}
	verify := func() (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), []string{"audit", "verify"}, environ, &out, io.Discard)
		return out.String(), err
	}
	if out, err := verify(); err != nil || !strings.HasPrefix(out, "entries  0\n") {
		t.Fatalf("an empty log: %v\n%s", err, out)
	}
	sql(t, url, `INSERT INTO audit_log (at, actor, action, subject_kind, subject_id)
		SELECT now(), 'system', 'price.changed', 'service', n::text FROM generate_series(1, 5) n`)
	whole, err := verify()
	if err != nil || !strings.HasPrefix(whole, "entries  5\n") || !strings.Contains(whole, "The chain holds.") {
		t.Fatalf("a whole log: %v\n%s", err, whole)
	}
	head := strings.Fields(whole)[3]
	if len(head) != 64 {
		t.Errorf("the head is %q, want 64 hex digits", head)
	}
	sql(t, url, "ALTER TABLE audit_log DISABLE TRIGGER USER; UPDATE audit_log SET actor = 'systen' WHERE id = 3; ALTER TABLE audit_log ENABLE TRIGGER USER")
	out, err := verify()
	if !errors.Is(err, errBroken) || !strings.HasSuffix(err.Error(), "does not hold is 3") {
		t.Errorf("a changed byte: got %v", err)
	}
	if strings.Contains(out, "holds") {
		t.Errorf("a changed byte: printed\n%s", out)
	}
}

func sql(t *testing.T, url, statements string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	if _, err := conn.Exec(ctx, statements); err != nil {
		t.Fatal(err)
	}
}
