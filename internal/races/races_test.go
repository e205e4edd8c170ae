package races_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/clock"
	"frontdesk/internal/races"
	"frontdesk/internal/testkit"
)

// width is that of the requirements; make test-long runs wider.
func width() races.Width {
	w := races.Usual()
	if os.Getenv("LONG") != "" {
		w.Crowd, w.Pairs = 200, 20
	}
	return w
}

// Every race, ten times over: nobody is booked twice, nobody deadlocks, nobody pays for nothing.
func TestRaces(t *testing.T) {
	t.Parallel()
	for _, race := range races.Suite() {
		t.Run(race, func(t *testing.T) {
			t.Parallel()
			c, hand := clock.Fixed(time.Unix(0, 0))
			salon, err := races.Open(t.Context(), testkit.DB(t, c), c, hand, testkit.Redis(t))
			if err != nil {
				t.Fatal(err)
			}
			rounds := 0
			r, err := salon.Run(t.Context(), race, width(), func(int) { rounds++ })
			if err != nil {
				t.Fatal(err)
			}
			if r.Err != nil {
				t.Error(r.Err)
			}
			for _, f := range r.Findings {
				t.Errorf("round %d: %d %s, want %d", f.Round, f.Got, f.What, f.Want)
			}
			if rounds != 10 || len(r.Attempts) < 20 || r.Quantile(1) <= 0 {
				t.Errorf("%d rounds and %d attempts were run", rounds, len(r.Attempts))
			}
			keep(t, r)
		})
	}
}

// keep writes the attempts with a verdict into a file of the folder ARTEFACTS, or the verdict into the test's log.
func keep(t *testing.T, r races.Result) {
	t.Helper()
	verdict := "PASS"
	if !r.Passed() {
		verdict = "FAIL"
	}
	summary := fmt.Sprintf("# %s %s: %d rounds, %d attempts, p50 %s, p95 %s, max %s, deadlocks %d, errors %d\n", verdict, r.Race, r.Rounds,
		len(r.Attempts), r.Quantile(0.5), r.Quantile(0.95), r.Quantile(1), r.Count(races.Deadlock), r.Count(races.Failed))
	t.Log(summary)
	dir := os.Getenv("ARTEFACTS")
	if dir == "" {
		return
	}
	var out strings.Builder
	out.WriteString(summary + "round\tms\toutcome\n")
	for _, a := range r.Attempts {
		fmt.Fprintf(&out, "%d\t%.1f\t%s\n", a.Round, float64(a.Took.Microseconds())/1000, a.Outcome)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "race-"+r.Race+".tsv"), []byte(out.String()), 0o644); err != nil {
		t.Error(err)
	}
}

// The suite sees what it looks for: with the guarantee taken away, two visits stand at one time and the verdict says so.
func TestARaceWithoutItsGuaranteeFails(t *testing.T) {
	t.Parallel()
	c, hand := clock.Fixed(time.Unix(0, 0))
	db := testkit.DB(t, c)
	salon, err := races.Open(t.Context(), db, c, hand, testkit.Redis(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range []string{
		"ALTER TABLE appointments DROP CONSTRAINT appointments_no_overlap",
		"DROP INDEX appointments_one_hold",
		// Whoever books brings a twin: what the constraint would have refused.
		`CREATE FUNCTION twin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF pg_trigger_depth() = 1 THEN INSERT INTO appointments SELECT (r).* FROM (SELECT jsonb_populate_record(NEW, jsonb_build_object('id', gen_random_uuid())) AS r) AS made; END IF;
			RETURN NULL; END $$`,
		"CREATE TRIGGER twin AFTER INSERT ON appointments FOR EACH ROW EXECUTE FUNCTION twin()",
	} {
		if err := db.On(t.Context()).Exec(order).Error; err != nil {
			t.Fatal(err)
		}
	}
	r, err := salon.Run(t.Context(), races.SameTime, races.Width{Rounds: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Passed() || r.Overlaps == 0 {
		t.Errorf("with every visit doubled the verdict is %v, %d double bookings, %v", r.Passed(), r.Overlaps, r.Err)
	}
}

// A scratch database is an owner's own, is made anew each time, and goes.
func TestAScratchDatabaseGoes(t *testing.T) {
	t.Parallel()
	server := testkit.DatabaseURL(t)
	scratch := races.ScratchOn(server, t.Name()+server)
	there := func() (is bool) {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), server)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context()) //nolint:errcheck // only read
		if err := conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", scratch.Name()).Scan(&is); err != nil {
			t.Fatal(err)
		}
		return is
	}
	c, _ := clock.Fixed(time.Unix(0, 0))
	for range 2 { // the second finds the first's left behind
		db, err := scratch.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(db.Close)
	}
	if !there() {
		t.Error("there is no scratch database")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel() // whoever asked for it has left, and somebody is still connected
	if err := scratch.Drop(gone); err != nil || there() {
		t.Errorf("after it was dropped it is there: %v, %v", there(), err)
	}
	if races.ScratchOn(server, "one").Name() == races.ScratchOn(strings.Replace(server, "/fd_", "/other_fd_", 1), "one").Name() {
		t.Error("two databases of one server share a scratch database")
	}
	if races.ScratchOn(server, "one").Name() == races.ScratchOn(server, "other").Name() {
		t.Error("two owners share a scratch database")
	}
}

// However a database URL says where it leads, the races run beside that database and never on it; and who holds them to one that
// somebody uses is refused.
func TestTheRacesNeverRunOnASalonThatSomebodyUses(t *testing.T) {
	t.Parallel()
	server := testkit.DatabaseURL(t)
	cfg, err := pgx.ParseConfig(server)
	if err != nil {
		t.Fatal(err)
	}
	admin, err := pgx.Connect(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	role := "role_of_" + cfg.Database
	order := func(sql string) {
		if _, err := admin.Exec(context.Background(), sql); err != nil {
			t.Error(err)
		}
	}
	order("CREATE ROLE " + role + " LOGIN SUPERUSER")
	t.Cleanup(func() {
		order("DROP ROLE " + role)
		_ = admin.Close(context.Background())
	})
	words := fmt.Sprintf("host=%s port=%d user=%s dbname=%s sslmode=disable password=", cfg.Host, cfg.Port, role, cfg.Database)
	c, hand := clock.Fixed(time.Unix(0, 0))
	for password, url := range map[string]string{
		"a:b":   words + "a:b",
		"a%zz":  words + "a%zz",
		"plain": fmt.Sprintf("postgres:///?host=%s&port=%d&user=%s&password=plain&dbname=%s&sslmode=disable&pool_max_conns=4", cfg.Host, cfg.Port, role, cfg.Database),
	} {
		order("ALTER ROLE " + role + " PASSWORD '" + password + "'")
		name, scratch := password, races.ScratchOn(url, password)
		db, err := scratch.Open(t.Context(), c)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var opened string
		if err := db.On(t.Context()).Raw("SELECT current_database()").Scan(&opened).Error; err != nil || opened != scratch.Name() {
			t.Errorf("%s: the races would run on %s, %v", name, opened, err)
		}
		db.Close()
		if err := scratch.Drop(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	used := testkit.DB(t, c)
	if _, err := races.Open(t.Context(), used, c, hand, testkit.Redis(t)); err != nil {
		t.Fatal(err)
	}
	if err := used.On(t.Context()).Exec("INSERT INTO customers (id, name, language, created_at, updated_at) VALUES (gen_random_uuid(), 'Lina', 'en', now(), now())").Error; err != nil {
		t.Fatal(err)
	}
	if _, err := races.Open(t.Context(), used, c, hand, testkit.Redis(t)); !errors.Is(err, races.ErrUsed) {
		t.Errorf("on a salon with a customer: %v", err)
	}
}

// What a rule throws is told to whoever runs it, with the place and without the value.
func TestARaceOutlivesWhatItThrows(t *testing.T) {
	t.Parallel()
	err := races.Safely(func() error { panic("something of Lina's") })
	if err == nil || strings.Contains(err.Error(), "Lina") || !strings.Contains(err.Error(), "races_test.go") {
		t.Errorf("got %v", err)
	}
	var none map[string]int
	if err := races.Safely(func() error { none["x"] = 1; return nil }); err == nil || !strings.Contains(err.Error(), "nil map") {
		t.Errorf("got %v", err)
	}
	if err := races.Safely(func() error { return races.ErrUsed }); !errors.Is(err, races.ErrUsed) {
		t.Errorf("got %v", err)
	}
}
