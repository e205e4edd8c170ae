package checks

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
)

const webOrigin = "http://localhost:3000"

// script runs one of our scripts as a person would and gives what it printed. It gets the parameters that
// it needs to leave nothing out, and time enough on a machine that does other things as well.
func script(t *testing.T, app *harness.App, name, base string, more ...string) (printed string, green bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	args := append([]string{"-ApiBase", base, "-WebBase", base, "-WebOrigin", webOrigin, "-VerifyToken", app.Env["WHATSAPP_VERIFY_TOKEN"],
		"-WaAppSecret", app.Env["WHATSAPP_APP_SECRET"], "-CatalogSyncKey", app.Env["CATALOG_SYNC_KEY"], "-AdminToken", app.Env["ADMIN_TOKEN"],
		"-Iterations", "2", "-P95Products", "20000", "-P95Cart", "20000", "-P95CheckoutInit", "20000"}, more...)
	cmd := exec.CommandContext(ctx, filepath.Join(harness.Root(), "scripts", name+".sh"), args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir()}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 {
		t.Fatalf("%s ended with %d, %v:\n%s", name, code, err, out.String())
	}
	return out.String(), err == nil
}

// R-1610, R-1611, X42: the scripts pass where everything is there, and only there.
func TestScripts(t *testing.T) {
	t.Parallel()
	s := scripts{start(t)}
	t.Run("all pass", s.pass)
	t.Run("speed and statuses are both judged", s.thresholds)
	t.Run("a version and the one before it", s.rollback)
	t.Run("what is left out is said", s.leftOut)
	t.Run("every route is missed", s.strict)
}

// scripts are ours, and a program to run them against.
type scripts struct{ *harness.App }

func (s scripts) pass(t *testing.T) {
	if printed, green := script(t, s.App, "acceptance-all", s.BaseURL); !green || strings.Contains(printed, "\n~ ") {
		t.Fatalf("a program that is whole does not pass whole:\n%s", printed)
	}
}

// strict has each route of each list answer wrongly in turn: the list does not pass.
func (s scripts) strict(t *testing.T) {
	ways := []string{"taken away", "saying no with a 200"}
	if os.Getenv("LONG") != "" {
		ways = append(ways, "saying yes and nothing else", "failing")
	}
	for name, l := range readLists(t) {
		for _, route := range l.routes {
			for _, way := range ways {
				if route == "GET /db/health" && way == "saying yes and nothing else" {
					continue // it says nothing else itself
				}
				t.Run(name+"/"+strings.ReplaceAll(route, "/", "_")+" "+way, func(t *testing.T) {
					t.Parallel()
					before := newSpoiler(t, s.BaseURL, route, spoiled()[way])
					if printed, green := script(t, s.App, name, before.URL); green {
						t.Errorf("green without %s:\n%s", route, printed)
					}
				})
			}
		}
	}
}

// thresholds: a program that is slower than promised does not pass, nor one that answers fast and wrongly.
func (s scripts) thresholds(t *testing.T) {
	app := s.App
	const thresholds = "sprint7/test-perf-thresholds"
	if printed, green := script(t, app, thresholds, app.BaseURL); !green {
		t.Fatalf("does not pass:\n%s", printed)
	}
	for _, limit := range []string{"-P95Products", "-P95Cart", "-P95CheckoutInit"} {
		if printed, green := script(t, app, thresholds, app.BaseURL, limit, "0"); green || !strings.Contains(printed, "more than 0") {
			t.Errorf("%s of nothing is kept:\n%s", limit, printed)
		}
	}
	calls := 0
	failing := newSpoiler(t, app.BaseURL, "", nil)
	failing.Config.Handler = secondFails(failing.Config.Handler, &calls)
	if printed, green := script(t, app, thresholds, failing.URL); green || !strings.Contains(printed, "answered 500") {
		t.Errorf("one failure among many is not seen:\n%s", printed)
	}
}

// secondFails lets the second reading of the list of products fail.
func secondFails(through http.Handler, calls *int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "page=1&pageSize=10" {
			*calls++ // the script asks one after the other
			if *calls == 1 {
				spoiled()["failing"](w, r)
				return
			}
		}
		through.ServeHTTP(w, r)
	})
}

// rollback judges a version and the one before it; one that fails fails the whole.
func (s scripts) rollback(t *testing.T) {
	app := s.App
	broken := newSpoiler(t, app.BaseURL, "GET /products", spoiled()["failing"])
	for _, tt := range []struct {
		current, rollback string
		green             bool
	}{{app.BaseURL, app.BaseURL, true}, {app.BaseURL, broken.URL, false}, {broken.URL, app.BaseURL, false}} {
		if printed, green := script(t, app, "rollback-validate", app.BaseURL, "-Current", tt.current, "-Rollback", tt.rollback); green != tt.green {
			t.Errorf("%s and %s: green is %t:\n%s", tt.current, tt.rollback, green, printed)
		}
	}
}

// leftOut: without a parameter a check is left out and says so; with a wrong word the script does not begin.
func (s scripts) leftOut(t *testing.T) {
	run := func(args ...string) (string, int) {
		cmd := exec.CommandContext(t.Context(), filepath.Join(harness.Root(), "scripts", "sprint2-smoke.sh"), args...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
		out, _ := cmd.CombinedOutput() // the exit code tells
		return string(out), cmd.ProcessState.ExitCode()
	}
	if printed, code := run("-ApiBase", s.BaseURL); code != 0 || !strings.Contains(printed, "left out, no CatalogSyncKey") || !strings.Contains(printed, "1 left out") {
		t.Errorf("without a key: %d\n%s", code, printed)
	}
	for _, args := range [][]string{nil, {"-ApiBase"}, {"-SkipSignature", "1"}, {"-ApiBase", s.BaseURL, "loose"}} {
		if printed, code := run(args...); code != 2 {
			t.Errorf("%q: %d\n%s", args, code, printed)
		}
	}
	if printed, code := run("-ApiBase", "http://127.0.0.1:1"); code != 1 || slices.Contains(strings.Fields(printed), "+") {
		t.Errorf("nobody there: %d\n%s", code, printed)
	}
}
