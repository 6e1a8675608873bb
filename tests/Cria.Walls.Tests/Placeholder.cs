namespace Cria.Walls.Tests;
