// Matrices, (rows, columns), row-major as NumPy has them.

function matrix(rows, columns, values = new Float64Array(rows * columns)) {
  return {rows, columns, values};
}

// A row of a matrix, not copied.
function rowOf({columns, values}, row) {
  return values.subarray(row * columns, (row + 1) * columns);
}

// The product of two matrices.
function product(a, b) {
  const made = matrix(a.rows, b.columns);
  for (let row = 0; row < a.rows; row++) {
    const out = rowOf(made, row);
    for (let k = 0; k < a.columns; k++) {
      const [factor, start] = [a.values[row * a.columns + k], k * b.columns];
      for (let column = 0; column < b.columns; column++) out[column] += factor * b.values[start + column];
    }
  }
  return made;
}

function transposed(a) {
  const made = matrix(a.columns, a.rows);
  for (let row = 0; row < a.rows; row++) {
    rowOf(a, row).forEach((each, column) => { made.values[column * a.rows + row] = each; });
  }
  return made;
}

// Some columns of a matrix, in their order.
function columnsOf(a, columns) {
  const made = matrix(a.rows, columns.length);
  for (let row = 0; row < a.rows; row++) {
    columns.forEach((column, n) => { made.values[row * columns.length + n] = a.values[row * a.columns + column]; });
  }
  return made;
}
