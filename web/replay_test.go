package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/testkit"
)

// control calls the stand-ins.
func control(t *testing.T, sim, call string, in any) map[string]any {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(sim+"/control/"+call, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read whole
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", call, res.StatusCode, err)
	}
	return out
}

// seen is everything the stand-ins can see of a phone.
func seen(t *testing.T, sim, phone string) string {
	t.Helper()
	all := ""
	for _, call := range []string{"transcript", "state"} {
		res, err := http.Get(sim + "/control/" + call + "?phone=" + url.QueryEscape(phone))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(res.Body)
		_ = res.Body.Close() // read whole
		if err != nil {
			t.Fatal(err)
		}
		all += string(raw) + "\n"
	}
	return all
}

// Every worker is run twice on a whole story: at least once is all the queue promises.
func TestEveryJobOfABookingRunTwiceChangesNothing(t *testing.T) {
	environ := map[string]string{"APP_ENV": "test", "DATA_DIR": t.TempDir(), "ADDR": "127.0.0.1:0", "SIM_ADDR": "127.0.0.1:0", "PATH": os.Getenv("PATH")}
	app := start(t, environ)
	defer app.end()
	raw, err := os.ReadFile(demoFile(environ["DATA_DIR"]))
	if err != nil {
		t.Fatal(err)
	}
	demo := parseEnv(string(raw))
	sim := demo["SIM_URL"]
	phone, _ := control(t, sim, "given", map[string]any{"scenario": "S01", "lang": "en"})["phone"].(string)
	link := ""
	for _, text := range []string{"I'd like highlights on Friday", "Yes, that's me", "The pack, please", "First available", "12:30", "Haddad"} {
		said := control(t, sim, "say", map[string]any{"from": phone, "text": text, "wait_ms": 10_000})
		link = lastURL(said, link)
	}
	control(t, sim, "pay", map[string]any{"url": link, "outcome": "paid", "wait_ms": 10_000})
	control(t, sim, "settle", map[string]any{"timeout_ms": 10_000})

	db, err := database.Open(context.Background(), demo["DATABASE_URL"], database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	before := seen(t, sim, phone) + seen(t, sim, "+447700900202")
	again, err := db.Pool.Exec(context.Background(), `UPDATE river_job SET state = 'available', finalized_at = NULL, scheduled_at = now() WHERE state = 'completed'`)
	if err != nil || again.RowsAffected() < 20 {
		t.Fatalf("run again: %d jobs, %v", again.RowsAffected(), err)
	}
	testkit.Eventually(t, time.Minute, "all jobs are done again", func() bool {
		return control(t, sim, "settle", map[string]any{"timeout_ms": 10_000})["idle"] == true
	})
	if after := seen(t, sim, phone) + seen(t, sim, "+447700900202"); after != before {
		t.Errorf("running every job again changed what people see.\nbefore %s\nafter %s", before, after)
	}
	var failed int
	if err := db.Pool.QueryRow(context.Background(), `SELECT count(*) FROM river_job WHERE array_length(errors, 1) > 0`).Scan(&failed); err != nil || failed > 0 {
		t.Errorf("%d jobs failed (%v)", failed, err)
	}
}

// lastURL is the link of the newest reply that has one.
func lastURL(said map[string]any, before string) string {
	replies, _ := said["replies"].([]any)
	for _, r := range replies {
		reply, _ := r.(map[string]any)
		if link, _ := reply["url"].(string); link != "" {
			before = link
		}
	}
	return before
}

func TestMigrateAndSeedCanBeRepeated(t *testing.T) {
	t.Parallel()
	environ := map[string]string{
		"APP_ENV": "test", "DATA_DIR": t.TempDir(), "DATABASE_URL": testkit.DatabaseURL(t), "REDIS_URL": testkit.RedisURL(t), "PATH": os.Getenv("PATH"),
	}
	for range 2 {
		for _, command := range []string{"migrate", "seed"} {
			if err := run(t.Context(), []string{command}, environ, io.Discard, io.Discard); err != nil {
				t.Errorf("%s: %v", command, err)
			}
		}
	}
	db, err := database.Open(t.Context(), environ["DATABASE_URL"], database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var stylists, accounts int
	err = db.Pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM stylists), (SELECT count(*) FROM staff)`).Scan(&stylists, &accounts)
	if err != nil || stylists != 5 || accounts != 13 {
		t.Errorf("got %d stylists and %d accounts, want 5 and 13 (%v)", stylists, accounts, err)
	}
}
