package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5"

	"frontdesk/internal/database"
	"frontdesk/models"
)

// serveBaseline answers POST / with one transaction that inserts one row, through the product's pool with
// the product's settings, and ends with its input. It is a process of its own, as the program is, so that
// both share the machine with the load in the same way; and no part of the program, so that nobody can
// reach it in production. It does the least an acknowledgement that keeps its promise could do: no
// signature, no parsing, no job, no layer above pgx.
func serveBaseline(ctx context.Context) error {
	db, err := database.Open(ctx, os.Getenv("TEST_DATABASE_URL"), database.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Pool.Exec(ctx, `CREATE TABLE IF NOT EXISTS bench_rows (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)`); err != nil {
		return fmt.Errorf("make the table: %w", err)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	web := fiber.New(fiber.Config{DisableStartupMessage: true})
	web.Post("/", func(c *fiber.Ctx) error {
		err := pgx.BeginFunc(c.Context(), db.Pool, func(tx pgx.Tx) error {
			_, err := tx.Exec(c.Context(), "INSERT INTO bench_rows (body) VALUES ($1)", string(c.Body()))
			return err
		})
		if err != nil {
			return err
		}
		return c.JSON(fiber.Map{"status": "received"})
	})
	serveLists(web, db)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // until whoever started us is gone
		_ = web.Shutdown()
	}()
	fmt.Println("http://" + l.Addr().String() + "/")
	return web.Listener(l)
}

// serveLists answers GET /bytes with what was put there, from memory, and GET /rows with ten products that one
// statement of plain pgx reads: what a list of products is held against.
func serveLists(web *fiber.App, db *database.DB) {
	var bytes []byte
	web.Put("/bytes", func(c *fiber.Ctx) error {
		bytes = slices.Clone(c.Body()) // before anybody asks for it
		return c.SendStatus(fiber.StatusNoContent)
	})
	web.Get("/bytes", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(bytes)
	})
	web.Get("/rows", func(c *fiber.Ctx) error {
		rows, err := db.Pool.Query(c.Context(), `SELECT id, sku, names, descriptions, price_minor, currency, stock, brand, attributes, category_id, created_at, updated_at
			FROM products WHERE active ORDER BY created_at DESC, id DESC LIMIT 10`)
		if err != nil {
			return err
		}
		list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[listed])
		if err != nil {
			return err
		}
		return c.JSON(list)
	})
}

// listed is a product as it stands in the table.
type listed struct {
	ID                   models.ID
	SKU                  string
	Names, Descriptions  models.Text
	PriceMinor           int64
	Currency             string
	Stock                int
	Brand                string
	Attributes           models.Attributes
	CategoryID           *models.ID
	CreatedAt, UpdatedAt time.Time
}

// startBaseline runs this program again as the baseline.
func startBaseline(ctx context.Context) (url string, pid int, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", 0, nil, fmt.Errorf("find myself: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, "-serve-baseline")
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", 0, nil, fmt.Errorf("start the baseline: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", 0, nil, fmt.Errorf("start the baseline: %w", err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return "", 0, nil, fmt.Errorf("start the baseline: %w", err)
	}
	stop = func() {
		_ = in.Close() // it ends with its input
		_ = cmd.Wait() // how it ended is of no interest here
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return "", 0, nil, errors.Join(errors.New("the baseline did not start"), err)
	}
	return strings.TrimSpace(line), cmd.Process.Pid, stop, nil
}
