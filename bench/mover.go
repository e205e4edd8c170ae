package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"frontdesk/jobs/queue"
)

// moverDatabase is the baseline's own, on the same server: River's tables as River makes them, and nothing of ours.
const moverDatabase = "bench_queue"

// moveArgs name the row that a job changes.
type moveArgs struct {
	ID int64 `json:"id"`
}

// Kind names the job.
func (moveArgs) Kind() string { return "bench.move" }

// mover is the least that a job of the queue can be: one transaction that changes one row.
type mover struct {
	river.WorkerDefaults[moveArgs]
	pool *pgxpool.Pool
}

// Work changes the row.
func (m *mover) Work(ctx context.Context, job *river.Job[moveArgs]) error {
	return pgx.BeginFunc(ctx, m.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE bench_counts SET n = n + 1 WHERE id = $1", job.Args.ID)
		return err
	})
}

// serveMoves works as many jobs as each line of the input says, with as many workers as the program has, and prints how
// many a second. It is a process of its own, as the program is, and ends with its input.
func serveMoves(ctx context.Context) error {
	pool, err := openMoves(ctx, os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		return err
	}
	defer pool.Close()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		many, err := strconv.Atoi(lines.Text())
		if err != nil {
			return fmt.Errorf("read how many: %w", err)
		}
		perSecond, err := moves(ctx, pool, many)
		if err != nil {
			return err
		}
		fmt.Println(perSecond)
	}
	return lines.Err()
}

// openMoves makes the baseline's database anew.
func openMoves(ctx context.Context, database string) (*pgxpool.Pool, error) {
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	for _, sql := range []string{"DROP DATABASE IF EXISTS " + moverDatabase + " WITH (FORCE)", "CREATE DATABASE " + moverDatabase} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return nil, fmt.Errorf("make the baseline's database: %w", err)
		}
	}
	u, err := url.Parse(database)
	if err != nil {
		return nil, fmt.Errorf("read the database's address: %w", err)
	}
	u.Path = "/" + moverDatabase
	pool, err := pgxpool.New(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("reach the baseline's database: %w", err)
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err == nil {
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err == nil {
		_, err = pool.Exec(ctx, "CREATE TABLE bench_counts (id bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 0)")
	}
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("make the baseline's tables: %w", err)
	}
	return pool, nil
}

// moves queues so many jobs, begins to work and returns when the last is noted as done.
func moves(ctx context.Context, pool *pgxpool.Pool, many int) (perSecond float64, err error) {
	for _, sql := range []string{
		"TRUNCATE river_job", "TRUNCATE bench_counts", fmt.Sprintf("INSERT INTO bench_counts (id) SELECT generate_series(1, %d)", many),
		fmt.Sprintf("INSERT INTO river_job (kind, args, max_attempts) SELECT '%s', jsonb_build_object('id', n), 25 FROM generate_series(1, %d) n", moveArgs{}.Kind(), many),
		"VACUUM (ANALYZE) river_job, bench_counts",
	} {
		if _, err := pool.Exec(ctx, sql); err != nil {
			return 0, fmt.Errorf("queue the baseline's jobs: %w", err)
		}
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &mover{pool: pool})
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Workers: workers, FetchCooldown: queue.Lull, FetchPollInterval: 100 * time.Millisecond,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 8 * runtime.GOMAXPROCS(0)}},
	})
	if err != nil {
		return 0, fmt.Errorf("open the baseline's queue: %w", err)
	}
	began := time.Now()
	if err := client.Start(ctx); err != nil {
		return 0, fmt.Errorf("begin to work: %w", err)
	}
	for left := 1; left > 0; {
		if !sleepUntil(ctx, time.Now().Add(5*time.Millisecond)) {
			return 0, ctx.Err()
		}
		if err := pool.QueryRow(ctx, "SELECT count(*) FROM river_job WHERE state <> 'completed'").Scan(&left); err != nil {
			return 0, fmt.Errorf("count what is left: %w", err)
		}
	}
	perSecond = float64(many) / time.Since(began).Seconds()
	return perSecond, client.Stop(ctx)
}

// moverProcess is this program again, as that baseline.
type moverProcess struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func startMover(ctx context.Context) (*moverProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find myself: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, "-serve-moves")
	in, inErr := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	cmd.Stderr = os.Stderr
	if err := errors.Join(inErr, outErr, cmd.Start()); err != nil {
		return nil, fmt.Errorf("start the baseline: %w", err)
	}
	return &moverProcess{cmd, in, bufio.NewReader(out)}, nil
}

// move has so many jobs worked and tells how many a second were.
func (m *moverProcess) move(many int) (perSecond float64, err error) {
	if _, err := fmt.Fprintln(m.in, many); err != nil {
		return 0, fmt.Errorf("ask the baseline: %w", err)
	}
	line, err := m.out.ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("hear the baseline: %w", err)
	}
	return strconv.ParseFloat(strings.TrimSpace(line), 64)
}

func (m *moverProcess) stop() {
	_ = m.in.Close()     // it ends with its input
	_ = m.command.Wait() // how it ended is of no interest here
}
