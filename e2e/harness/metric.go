package harness

import (
	"bufio"
	"net/http"
	"strconv"
	"strings"
)

// Metric reads one of the app's figures at its first process; 0 when it has none of that name.
func (a *App) Metric(name string) float64 {
	a.t.Helper()
	res, err := http.Get(a.BaseURL + "/metrics")
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				a.t.Fatalf("read figure %s: %v", name, err)
			}
			return n
		}
	}
	return 0
}
